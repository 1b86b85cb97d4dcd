//! The tables, once for both databases. Only types that both store alike: texts, integers, booleans, days, moments.

#![allow(missing_docs, reason = "the migrations say what the columns hold")]

diesel::table! {
    organizations (id) {
        id -> Text,
        code -> Nullable<Text>,
        name -> Text,
        kind -> Text,
        parent_id -> Nullable<Text>,
        fiscal_year_start_month -> Integer,
        time_zone -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    plans (id) {
        id -> Text,
        organization_id -> Text,
        fiscal_year -> Integer,
        title -> Text,
        status -> Text,
        vision -> Nullable<Text>,
        mission -> Nullable<Text>,
        checkpoint -> Nullable<Text>,
        organization_name -> Nullable<Text>,
        parent_name -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    objectives (id) {
        id -> Text,
        plan_id -> Text,
        parent_id -> Nullable<Text>,
        position -> Integer,
        number -> Text,
        number_key -> Text,
        level -> Nullable<Text>,
        title -> Text,
        desired_state -> Nullable<Text>,
        sdgs -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    initiatives (id) {
        id -> Text,
        plan_id -> Text,
        objective_id -> Text,
        position -> Integer,
        number -> Text,
        number_key -> Text,
        title -> Text,
        description -> Nullable<Text>,
        department_id -> Nullable<Text>,
        same_as_id -> Nullable<Text>,
        continues -> Nullable<Text>,
        continues_id -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    budget_lines (initiative_id, position) {
        initiative_id -> Text,
        position -> Integer,
        fiscal_year -> Integer,
        kind -> Text,
        amount -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    indicators (id) {
        id -> Text,
        organization_id -> Text,
        name -> Text,
        unit -> Nullable<Text>,
        polarity -> Nullable<Text>,
        measure -> Text,
        source -> Nullable<Text>,
        common_code -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    targets (id) {
        id -> Text,
        initiative_id -> Text,
        indicator_id -> Text,
        fiscal_year -> Integer,
        position -> Integer,
        text -> Text,
        criterion -> Nullable<Text>,
        criterion_given -> Bool,
        needs_review -> Bool,
        universe -> Nullable<Text>,
        scale_max -> Nullable<Text>,
        baseline_year -> Nullable<Integer>,
        history_average_years -> Nullable<Integer>,
        history_average_value -> Nullable<Text>,
        breakdown -> Text,
        breakdown_note -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    actuals (id) {
        id -> Text,
        indicator_id -> Text,
        fiscal_year -> Integer,
        basis -> Text,
        period -> Text,
        as_of -> Date,
        origin -> Text,
        value -> Nullable<Text>,
        missing -> Nullable<Text>,
        numerator -> Nullable<Text>,
        denominator -> Nullable<Text>,
        sample_size -> Nullable<BigInt>,
        method -> Nullable<Text>,
        breakdown -> Text,
        approximate -> Bool,
        provisional -> Bool,
        from_day -> Nullable<Date>,
        note -> Nullable<Text>,
        withdrawn -> Bool,
        author -> Nullable<Text>,
        reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    activities (id) {
        id -> Text,
        initiative_id -> Text,
        position -> Integer,
        title -> Text,
        planned -> Nullable<Text>,
        done -> Nullable<Text>,
        unit -> Nullable<Text>,
        state -> Nullable<Text>,
        due -> Nullable<Date>,
        schedule -> Nullable<Text>,
        as_of -> Nullable<Date>,
        approximate -> Bool,
        note -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    checkpoints (id) {
        id -> Text,
        plan_id -> Text,
        kind -> Text,
        as_of -> Date,
        opens -> Nullable<Date>,
        closes -> Nullable<Date>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    reviews (id) {
        id -> Text,
        initiative_id -> Text,
        checkpoint_id -> Text,
        outlook -> Nullable<Text>,
        progress -> Nullable<Text>,
        results -> Nullable<Text>,
        issues_and_measures -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    submissions (id) {
        id -> Text,
        plan_id -> Text,
        checkpoint_id -> Text,
        organization_id -> Text,
        state -> Text,
        extended_until -> Nullable<Date>,
        submitted_by -> Nullable<Text>,
        submitted_at -> Nullable<Timestamp>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        comments -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    errata (id) {
        id -> Text,
        submission_id -> Text,
        resource -> Text,
        resource_id -> Text,
        reason -> Text,
        author -> Text,
        before -> Text,
        after -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    target_states (checkpoint_id, target_id) {
        checkpoint_id -> Text,
        target_id -> Text,
        initiative_id -> Text,
        state -> Text,
        verdict -> Text,
        answer -> Text,
    }
}

diesel::table! {
    initiative_states (checkpoint_id, initiative_id) {
        checkpoint_id -> Text,
        initiative_id -> Text,
        objective_id -> Text,
        cross_reference -> Bool,
        declared_outlook -> Nullable<Text>,
        declared_progress -> Nullable<Text>,
        computed_outlook -> Text,
        computed_progress -> Text,
        already_met -> Integer,
        already_missed -> Integer,
        open -> Integer,
        final_met -> Integer,
        final_missed -> Integer,
        progress_answer -> Text,
    }
}

diesel::table! {
    plan_rollups (checkpoint_id) {
        checkpoint_id -> Text,
        plan_id -> Text,
        kind -> Text,
        tally -> Text,
        body -> Text,
    }
}

diesel::table! {
    review_flags (review_id) {
        review_id -> Text,
        version -> BigInt,
        outlook -> Text,
        progress -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    history (seq) {
        seq -> BigInt,
        kind -> Text,
        resource_id -> Text,
        scope_id -> Text,
        version -> BigInt,
        recorded_at -> Timestamp,
        actor -> Text,
        origin -> Nullable<Text>,
        reason -> Nullable<Text>,
        content -> Nullable<Text>,
        hash -> Text,
    }
}

diesel::table! {
    history_head (id) {
        id -> Integer,
        seq -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    withheld (resource_id) {
        resource_id -> Text,
        kind -> Text,
        scope_id -> Text,
        seq -> BigInt,
    }
}

diesel::table! {
    unpublished_entries (seq) {
        seq -> BigInt,
    }
}

diesel::table! {
    withheld_review_flags (review_id) {
        review_id -> Text,
        version -> Nullable<BigInt>,
        outlook -> Nullable<Text>,
        progress -> Nullable<Text>,
        recorded_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    published_target_states (checkpoint_id, target_id) {
        checkpoint_id -> Text,
        target_id -> Text,
        initiative_id -> Text,
        state -> Text,
        verdict -> Text,
        answer -> Text,
    }
}

diesel::table! {
    published_initiative_states (checkpoint_id, initiative_id) {
        checkpoint_id -> Text,
        initiative_id -> Text,
        objective_id -> Text,
        cross_reference -> Bool,
        declared_outlook -> Nullable<Text>,
        declared_progress -> Nullable<Text>,
        computed_outlook -> Text,
        computed_progress -> Text,
        already_met -> Integer,
        already_missed -> Integer,
        open -> Integer,
        final_met -> Integer,
        final_missed -> Integer,
        progress_answer -> Text,
    }
}

diesel::table! {
    published_plan_rollups (checkpoint_id) {
        checkpoint_id -> Text,
        plan_id -> Text,
        kind -> Text,
        tally -> Text,
        body -> Text,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Text,
        prefix -> Text,
        hash -> Text,
        label -> Text,
        role -> Text,
        organization_id -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    idempotency_keys (key) {
        key -> Text,
        fingerprint -> Text,
        status -> Integer,
        location -> Nullable<Text>,
        etag -> Nullable<Text>,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    organizations,
    plans,
    objectives,
    initiatives,
    budget_lines,
    indicators,
    targets,
    actuals,
    activities,
    checkpoints,
    reviews,
    submissions,
    errata,
    target_states,
    initiative_states,
    plan_rollups,
    review_flags,
    history,
    history_head,
    withheld,
    unpublished_entries,
    withheld_review_flags,
    published_target_states,
    published_initiative_states,
    published_plan_rollups,
    api_keys,
    idempotency_keys,
);

diesel::allow_columns_to_appear_in_same_group_by_clause!(
    plans::organization_id,
    initiatives::department_id,
    initiative_states::objective_id,
    initiative_states::cross_reference,
    initiative_states::declared_outlook,
    initiative_states::declared_progress,
    initiative_states::computed_outlook,
    initiative_states::computed_progress,
);
