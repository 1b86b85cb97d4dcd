-- Texts are compared byte by byte, decimals are canonical texts, JSON is text, moments are UTC.
-- A closed vocabulary is checked here as well, so that no other road leads a wrong word in.

CREATE TABLE organizations (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('prefecture', 'city', 'ward', 'department')),
    parent_id TEXT REFERENCES organizations (id),
    fiscal_year_start_month INTEGER NOT NULL CHECK (fiscal_year_start_month BETWEEN 1 AND 12),
    time_zone TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX organizations_by_parent ON organizations (parent_id);

CREATE TABLE plans (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    fiscal_year INTEGER NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'proposed', 'adopted', 'closed')),
    vision TEXT,
    mission TEXT,
    -- The checkpoint at which the plan stands now.
    checkpoint TEXT,
    -- The names as this plan prints them, which may differ from those the organizations have today.
    organization_name TEXT,
    parent_name TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (organization_id, fiscal_year)
);
CREATE INDEX plans_by_fiscal_year ON plans (fiscal_year);

CREATE TABLE objectives (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    parent_id TEXT REFERENCES objectives (id),
    position INTEGER NOT NULL,
    number TEXT NOT NULL,
    -- Sorts as people sort numbers: 3-10 after 3-9.
    number_key TEXT NOT NULL,
    level TEXT,
    title TEXT NOT NULL,
    desired_state TEXT,
    sdgs TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, number)
);
CREATE INDEX objectives_by_parent ON objectives (parent_id);

CREATE TABLE initiatives (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    objective_id TEXT NOT NULL REFERENCES objectives (id),
    position INTEGER NOT NULL,
    number TEXT NOT NULL,
    number_key TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT,
    department_id TEXT REFERENCES organizations (id),
    -- Stands for another initiative (再掲).
    same_as_id TEXT REFERENCES initiatives (id),
    -- Last year's initiative, by its number in last year's plan, and itself where it is known.
    continues TEXT,
    continues_id TEXT REFERENCES initiatives (id),
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, number)
);
CREATE INDEX initiatives_by_objective ON initiatives (objective_id);
CREATE INDEX initiatives_by_department ON initiatives (department_id);
CREATE INDEX initiatives_by_same_as ON initiatives (same_as_id);
CREATE INDEX initiatives_by_continues ON initiatives (continues_id);

CREATE TABLE budget_lines (
    initiative_id TEXT NOT NULL REFERENCES initiatives (id),
    position INTEGER NOT NULL,
    fiscal_year INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('settled', 'budget', 'estimate')),
    -- Yen.
    amount TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (initiative_id, position)
);

CREATE TABLE indicators (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    unit TEXT,
    polarity TEXT CHECK (polarity IN ('higher_is_better', 'lower_is_better')),
    measure TEXT NOT NULL CHECK (measure IN ('sum', 'latest', 'average', 'maximum', 'minimum', 'ratio', 'milestone')),
    source TEXT,
    common_code TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX indicators_by_organization ON indicators (organization_id, name);
CREATE INDEX indicators_by_common_code ON indicators (common_code);

CREATE TABLE targets (
    id TEXT NOT NULL PRIMARY KEY,
    initiative_id TEXT NOT NULL REFERENCES initiatives (id),
    indicator_id TEXT NOT NULL REFERENCES indicators (id),
    fiscal_year INTEGER NOT NULL,
    position INTEGER NOT NULL,
    -- As written.
    text TEXT NOT NULL,
    -- As understood, and whether a person gave it.
    criterion TEXT,
    criterion_given BOOLEAN NOT NULL,
    needs_review BOOLEAN NOT NULL,
    universe TEXT,
    scale_max TEXT,
    baseline_year INTEGER,
    history_average_years INTEGER,
    history_average_value TEXT,
    breakdown TEXT NOT NULL,
    breakdown_note TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX targets_by_initiative ON targets (initiative_id);
CREATE INDEX targets_by_indicator ON targets (indicator_id);

-- What a figure speaks of, and the one that stands. Those that stood before it are in the history.
CREATE TABLE actuals (
    id TEXT NOT NULL PRIMARY KEY,
    indicator_id TEXT NOT NULL REFERENCES indicators (id),
    fiscal_year INTEGER NOT NULL,
    basis TEXT NOT NULL CHECK (basis IN ('increment', 'to_date', 'snapshot', 'year_end_forecast')),
    -- Empty where the figure has a day but no period.
    period TEXT NOT NULL,
    as_of DATE NOT NULL,
    -- Reported by a department, or stated by a plan as an earlier year's result.
    origin TEXT NOT NULL CHECK (origin IN ('reported', 'stated')),
    value TEXT,
    missing TEXT CHECK (missing IN ('not_reported', 'not_due', 'annual_only', 'not_measurable', 'suppressed')),
    numerator TEXT,
    denominator TEXT,
    sample_size BIGINT,
    method TEXT,
    breakdown TEXT NOT NULL,
    approximate BOOLEAN NOT NULL,
    provisional BOOLEAN NOT NULL,
    from_day DATE,
    note TEXT,
    withdrawn BOOLEAN NOT NULL,
    author TEXT,
    reason TEXT,
    -- The revision that stands.
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (indicator_id, fiscal_year, basis, period, as_of, origin)
);

CREATE TABLE activities (
    id TEXT NOT NULL PRIMARY KEY,
    initiative_id TEXT NOT NULL REFERENCES initiatives (id),
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    planned TEXT,
    done TEXT,
    unit TEXT,
    state TEXT CHECK (state IN ('planned', 'in_progress', 'done', 'postponed', 'cancelled')),
    due DATE,
    schedule TEXT,
    as_of DATE,
    approximate BOOLEAN NOT NULL,
    note TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX activities_by_initiative ON activities (initiative_id);

CREATE TABLE checkpoints (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    kind TEXT NOT NULL,
    as_of DATE NOT NULL,
    opens DATE,
    closes DATE,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, kind)
);

CREATE TABLE reviews (
    id TEXT NOT NULL PRIMARY KEY,
    initiative_id TEXT NOT NULL REFERENCES initiatives (id),
    checkpoint_id TEXT NOT NULL REFERENCES checkpoints (id),
    outlook TEXT CHECK (outlook IN ('achieve', 'miss')),
    progress TEXT CHECK (progress IN ('on_schedule', 'behind')),
    results TEXT,
    issues_and_measures TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (initiative_id, checkpoint_id)
);
CREATE INDEX reviews_by_checkpoint ON reviews (checkpoint_id);

-- What a department hands in at a checkpoint.
CREATE TABLE submissions (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    checkpoint_id TEXT NOT NULL REFERENCES checkpoints (id),
    -- The department, or the organization itself for initiatives without one.
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'approved', 'published')),
    -- It may come late, up to this day.
    extended_until DATE,
    submitted_by TEXT,
    submitted_at TIMESTAMP,
    -- Who returned, approved or published it last.
    decided_by TEXT,
    decided_at TIMESTAMP,
    -- A JSON array of what the approver says of single fields.
    comments TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (checkpoint_id, organization_id)
);
CREATE INDEX submissions_by_plan ON submissions (plan_id);
CREATE INDEX submissions_by_organization ON submissions (organization_id);

-- Corrections of what was published.
CREATE TABLE errata (
    id TEXT NOT NULL PRIMARY KEY,
    submission_id TEXT NOT NULL REFERENCES submissions (id),
    resource TEXT NOT NULL CHECK (resource IN ('actuals', 'activities', 'reviews')),
    resource_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    -- JSON: what was published, and what stands instead.
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX errata_by_submission ON errata (submission_id);

-- What was computed of each target and of each initiative at each checkpoint, written in the transaction of the
-- write that changed it. A rollup reads these and nothing else.
CREATE TABLE target_states (
    checkpoint_id TEXT NOT NULL REFERENCES checkpoints (id),
    target_id TEXT NOT NULL REFERENCES targets (id),
    initiative_id TEXT NOT NULL REFERENCES initiatives (id),
    state TEXT NOT NULL,
    verdict TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (checkpoint_id, target_id)
);
CREATE INDEX target_states_by_target ON target_states (target_id);
CREATE INDEX target_states_by_initiative ON target_states (initiative_id);

CREATE TABLE initiative_states (
    checkpoint_id TEXT NOT NULL REFERENCES checkpoints (id),
    initiative_id TEXT NOT NULL REFERENCES initiatives (id),
    objective_id TEXT NOT NULL REFERENCES objectives (id),
    cross_reference BOOLEAN NOT NULL,
    declared_outlook TEXT,
    declared_progress TEXT,
    computed_outlook TEXT NOT NULL,
    computed_progress TEXT NOT NULL,
    already_met INTEGER NOT NULL,
    already_missed INTEGER NOT NULL,
    open INTEGER NOT NULL,
    final_met INTEGER NOT NULL,
    final_missed INTEGER NOT NULL,
    progress_answer TEXT NOT NULL,
    PRIMARY KEY (checkpoint_id, initiative_id)
);
CREATE INDEX initiative_states_by_initiative ON initiative_states (initiative_id);
CREATE INDEX initiative_states_by_objective ON initiative_states (objective_id);

-- A plan's rollup at a checkpoint as it is shown, made of the states above in the same transaction.
CREATE TABLE plan_rollups (
    checkpoint_id TEXT NOT NULL PRIMARY KEY REFERENCES checkpoints (id),
    plan_id TEXT NOT NULL REFERENCES plans (id),
    kind TEXT NOT NULL,
    -- The plan's own tally, which the rollups of organizations add up.
    tally TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (plan_id, kind)
);

-- The computed flags as they were when a review was written, beside which its flags were declared. A review that is removed
-- keeps them for as long as the public is shown it, so this refers to no row.
CREATE TABLE review_flags (
    review_id TEXT NOT NULL PRIMARY KEY,
    -- Which version of the review.
    version BIGINT NOT NULL,
    outlook TEXT NOT NULL,
    progress TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);

-- What every resource was after each change of it, by whom and why; nothing here is ever changed. Each entry's hash covers
-- the entry before it, so that none can be changed, removed or put elsewhere without being found.
CREATE TABLE history (
    -- 1, 2, 3… in the order of the commits.
    seq BIGINT NOT NULL PRIMARY KEY,
    -- The table in which the resource is.
    kind TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    -- What it is read with: the plan of an objective, the initiative of an activity.
    scope_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    -- Who, from where, and why.
    actor TEXT NOT NULL,
    origin TEXT,
    reason TEXT,
    -- JSON; none where the resource was removed.
    content TEXT,
    -- SHA-256 over the hash before it and all of the above.
    hash TEXT NOT NULL
);
CREATE INDEX history_by_resource ON history (resource_id);
CREATE INDEX history_by_scope ON history (scope_id, kind);

-- The last entry of the history: whoever adds one waits here for whoever adds one at the same time.
CREATE TABLE history_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO history_head (id, seq, hash) VALUES (1, 0, '');

-- Figures, activities and reviews of which something is kept back from the public: it is shown what an entry of the history
-- says, and nothing of what came after that entry.
CREATE TABLE withheld (
    resource_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('actuals', 'activities', 'reviews')),
    -- The indicator of a figure, the initiative of an activity or a review.
    scope_id TEXT NOT NULL,
    -- The entry; 0 where the public knows nothing of it yet.
    seq BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX withheld_by_scope ON withheld (scope_id);

-- Entries of the history that were overtaken before anything of them was published: the public is never shown them.
CREATE TABLE unpublished_entries (
    seq BIGINT NOT NULL PRIMARY KEY
);

-- The flags beside reviews as the public is shown them, where they are others by now; none where it knows of none.
CREATE TABLE withheld_review_flags (
    review_id TEXT NOT NULL PRIMARY KEY,
    version BIGINT,
    outlook TEXT,
    progress TEXT,
    recorded_at TIMESTAMP
);

-- What is computed for the public, of plans of which something is kept back; of all others it is what is computed anyway. An
-- edition is written and removed as a whole, by its checkpoints: what else it names is looked up from there.
CREATE TABLE published_target_states (
    checkpoint_id TEXT NOT NULL REFERENCES checkpoints (id) ON DELETE CASCADE,
    target_id TEXT NOT NULL,
    initiative_id TEXT NOT NULL,
    state TEXT NOT NULL,
    verdict TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (checkpoint_id, target_id)
);

CREATE TABLE published_initiative_states (
    checkpoint_id TEXT NOT NULL REFERENCES checkpoints (id) ON DELETE CASCADE,
    initiative_id TEXT NOT NULL,
    objective_id TEXT NOT NULL,
    cross_reference BOOLEAN NOT NULL,
    declared_outlook TEXT,
    declared_progress TEXT,
    computed_outlook TEXT NOT NULL,
    computed_progress TEXT NOT NULL,
    already_met INTEGER NOT NULL,
    already_missed INTEGER NOT NULL,
    open INTEGER NOT NULL,
    final_met INTEGER NOT NULL,
    final_missed INTEGER NOT NULL,
    progress_answer TEXT NOT NULL,
    PRIMARY KEY (checkpoint_id, initiative_id)
);
CREATE INDEX published_initiative_states_by_initiative ON published_initiative_states (initiative_id);

-- There is one for each checkpoint of such a plan: by it the plan is told from others.
CREATE TABLE published_plan_rollups (
    checkpoint_id TEXT NOT NULL PRIMARY KEY REFERENCES checkpoints (id) ON DELETE CASCADE,
    plan_id TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    tally TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (plan_id, kind)
);

-- Keys by which programs and spreadsheets come in. The key itself is not kept, only its hash.
CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    -- By which people know it.
    prefix TEXT NOT NULL UNIQUE,
    -- SHA-256 of the whole key, in hexadecimal digits.
    hash TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('reader', 'reporter', 'approver', 'planner', 'admin')),
    -- Where it counts, with all that is below; everywhere where there is none.
    organization_id TEXT REFERENCES organizations (id),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    last_used_at TIMESTAMP,
    revoked_at TIMESTAMP
);
CREATE INDEX api_keys_by_organization ON api_keys (organization_id);

-- Answers to requests that carried an Idempotency-Key, stored in the write's own transaction, kept for seven days.
CREATE TABLE idempotency_keys (
    key TEXT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    etag TEXT,
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
