-- An answered order that cannot be settled is tried again at growing intervals, and then set aside: it stands in nobody's way,
-- and nothing of it is lost.
--
-- set-aside       its settlement failed too often; an operator puts it back to `answered` when the cause is gone
alter table sign_order
  add column settle_tries integer not null default 0 check (settle_tries >= 0),
  drop constraint sign_order_state_check,
  add constraint sign_order_state_check
    check (state in ('requested', 'pending', 'answer-unknown', 'answered', 'set-aside', 'settled', 'renewed', 'refused', 'unknown')),
  drop constraint sign_order_check2,
  add constraint sign_order_answered_check
    check ((state in ('answered', 'set-aside', 'settled', 'renewed')) = (answer_status is not null));

create index sign_order_set_aside on sign_order (seq) where state = 'set-aside';

grant update (settle_tries) on sign_order to sigill_app;
