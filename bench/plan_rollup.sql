-- What GET /plans/{id}/rollup?checkpoint=mid_year runs on PostgreSQL (db::rollups::stored).
SELECT "plan_rollups"."body" FROM "plan_rollups" WHERE (("plan_rollups"."plan_id" = :plan) AND ("plan_rollups"."kind" = 'mid_year'));
