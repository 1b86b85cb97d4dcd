-- What the public is shown, under the names of the tables, which it hides from a connection that reads for the public. On PostgreSQL the
-- migration makes the same views in a schema of their own.

-- A figure that was taken back is shown like one: withdrawn, with nothing in it.
CREATE TEMP VIEW actuals AS
SELECT t.* FROM main.actuals t
WHERE NOT EXISTS (SELECT 1 FROM main.withheld w WHERE w.resource_id = t.id)
UNION ALL
SELECT
    w.resource_id,
    w.scope_id,
    h.content ->> '$.subject.fiscal_year',
    h.content ->> '$.subject.basis',
    h.content ->> '$.subject.period',
    h.content ->> '$.subject.as_of',
    h.content ->> '$.subject.origin',
    h.content ->> '$.figure.value',
    h.content ->> '$.figure.missing',
    h.content ->> '$.figure.numerator',
    h.content ->> '$.figure.denominator',
    h.content ->> '$.figure.sample_size',
    h.content ->> '$.figure.method',
    h.content ->> '$.figure.breakdown',
    h.content ->> '$.figure.approximate',
    h.content ->> '$.figure.provisional',
    h.content ->> '$.figure.from_day',
    h.content ->> '$.figure.note',
    h.content IS NULL,
    h.content ->> '$.figure.author',
    h.content ->> '$.figure.reason',
    h.version,
    (SELECT min(f.recorded_at) FROM main.history f WHERE f.resource_id = w.resource_id),
    h.recorded_at
FROM main.withheld w
    JOIN main.history h ON h.seq = w.seq
WHERE w.kind = 'actuals';

CREATE TEMP VIEW activities AS
SELECT t.* FROM main.activities t
WHERE NOT EXISTS (SELECT 1 FROM main.withheld w WHERE w.resource_id = t.id)
UNION ALL
SELECT
    w.resource_id,
    w.scope_id,
    h.content ->> '$.position',
    h.content ->> '$.title',
    h.content ->> '$.planned',
    h.content ->> '$.done',
    h.content ->> '$.unit',
    h.content ->> '$.state',
    h.content ->> '$.due',
    h.content ->> '$.schedule',
    h.content ->> '$.as_of',
    h.content ->> '$.approximate',
    h.content ->> '$.note',
    h.version,
    (SELECT min(f.recorded_at) FROM main.history f WHERE f.resource_id = w.resource_id),
    h.recorded_at
FROM main.withheld w
    JOIN main.history h ON h.seq = w.seq
WHERE w.kind = 'activities'
    AND h.content IS NOT NULL
    AND EXISTS (SELECT 1 FROM main.initiatives i WHERE i.id = w.scope_id);

CREATE TEMP VIEW reviews AS
SELECT t.* FROM main.reviews t
WHERE NOT EXISTS (SELECT 1 FROM main.withheld w WHERE w.resource_id = t.id)
UNION ALL
SELECT
    w.resource_id,
    w.scope_id,
    h.content ->> '$.checkpoint_id',
    h.content ->> '$.outlook',
    h.content ->> '$.progress',
    h.content ->> '$.results',
    h.content ->> '$.issues_and_measures',
    h.version,
    (SELECT min(f.recorded_at) FROM main.history f WHERE f.resource_id = w.resource_id),
    h.recorded_at
FROM main.withheld w
    JOIN main.history h ON h.seq = w.seq
WHERE w.kind = 'reviews'
    AND h.content IS NOT NULL
    AND EXISTS (SELECT 1 FROM main.initiatives i WHERE i.id = w.scope_id)
    AND EXISTS (SELECT 1 FROM main.checkpoints c WHERE c.id = h.content ->> '$.checkpoint_id');

CREATE TEMP VIEW review_flags AS
SELECT t.* FROM main.review_flags t
WHERE NOT EXISTS (SELECT 1 FROM main.withheld_review_flags w WHERE w.review_id = t.review_id)
UNION ALL
SELECT w.review_id, w.version, w.outlook, w.progress, w.recorded_at FROM main.withheld_review_flags w WHERE w.version IS NOT NULL;

-- How far departments have come is their own business, before and after.
CREATE TEMP VIEW submissions AS
SELECT t.* FROM main.submissions t WHERE t.state = 'published';

CREATE TEMP VIEW history AS
SELECT h.* FROM main.history h
WHERE h.kind <> 'submissions'
    AND NOT EXISTS (SELECT 1 FROM main.withheld w WHERE w.resource_id = h.resource_id AND w.seq < h.seq)
    AND NOT EXISTS (SELECT 1 FROM main.unpublished_entries u WHERE u.seq = h.seq);

CREATE TEMP VIEW target_states AS
SELECT t.* FROM main.target_states t
WHERE NOT EXISTS (SELECT 1 FROM main.published_plan_rollups p WHERE p.checkpoint_id = t.checkpoint_id)
UNION ALL
SELECT p.* FROM main.published_target_states p;

CREATE TEMP VIEW initiative_states AS
SELECT t.* FROM main.initiative_states t
WHERE NOT EXISTS (SELECT 1 FROM main.published_plan_rollups p WHERE p.checkpoint_id = t.checkpoint_id)
UNION ALL
SELECT p.* FROM main.published_initiative_states p;

CREATE TEMP VIEW plan_rollups AS
SELECT t.* FROM main.plan_rollups t
WHERE NOT EXISTS (SELECT 1 FROM main.published_plan_rollups p WHERE p.checkpoint_id = t.checkpoint_id)
UNION ALL
SELECT p.* FROM main.published_plan_rollups p;
