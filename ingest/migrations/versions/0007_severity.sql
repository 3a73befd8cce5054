-- How much a finding matters, and rules of any kind.

-- Kinds of rule are checked by alerts/rules, which says what is wrong in plain words.
alter table rule drop constraint rule_kind_check;

alter table finding add column severity text not null default 'none'
    check (severity in ('urgent', 'high', 'low', 'none'));

-- Of its gravest finding; picks the ladder.
alter table alert add column severity text check (severity in ('urgent', 'high', 'low'));
update alert set severity = case class when 'urgent' then 'urgent' when 'welfare' then 'high' else 'low' end;
alter table alert alter column severity set not null, alter column severity set default 'high';
