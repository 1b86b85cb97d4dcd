-- What GET /plans/{id}/rollup?checkpoint=mid_year runs on PostgreSQL (db::rollups::stored).
SELECT "plan_rollups"."plan_id", "plan_rollups"."kind", "plans"."organization_id", "plans"."status", "plan_rollups"."body" FROM ("plan_rollups" INNER JOIN "plans" ON ("plans"."id" = "plan_rollups"."plan_id")) WHERE (("plan_rollups"."plan_id" = :plan) AND ("plan_rollups"."kind" = 'mid_year'));
