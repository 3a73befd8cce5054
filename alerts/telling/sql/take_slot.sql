-- The next free moment at which this number of ours may send, which is ours from now on. Returns how
-- many seconds it is away; that is never long, whatever another clock has written down. By the server's
-- clock, which all processes share: paces are real time.
insert into sender_slot as slot (number, next_at)
values (%(number)s, clock_timestamp() + %(gap)s)
on conflict (number) do update set
    next_at = least(greatest(slot.next_at, clock_timestamp()), clock_timestamp() + interval '20 seconds') + %(gap)s
returning greatest(0, extract(epoch from next_at - %(gap)s - clock_timestamp()))::float8
