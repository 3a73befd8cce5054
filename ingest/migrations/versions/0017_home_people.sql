-- Homes and the people of a home are added by coordinators; each change is written down.
alter table people_change
    drop constraint people_change_what_check,
    add constraint people_change_what_check check (what in (
        'step_added', 'step_changed', 'step_removed',
        'rota_added', 'shift_added', 'shift_removed', 'override_added', 'override_removed',
        'team_added', 'member_added', 'member_removed',
        'home_added', 'person_added', 'person_removed', 'number_changed'));
