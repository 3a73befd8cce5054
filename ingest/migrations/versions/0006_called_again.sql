-- Who has an alert is told when its home calls for help again.

alter table message
    drop constraint message_purpose_check,
    add constraint message_purpose_check check
        (purpose in ('alert', 'called_again', 'taken', 'explained', 'closed', 'answer', 'sign_in'));
