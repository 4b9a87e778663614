-- The run index. It can be dropped at any time: it is folded again from the event log and the object store.

create table runs (
  id          text primary key,
  subject     text,                 -- null until an event tells: such a run is not shown yet
  create_time timestamptz,          -- null as long as the subject is
  state       smallint not null,    -- cloakproof.v1.WorkState
  message     bytea not null,       -- cloakproof.v1.Run, derived from the facts
  revision    bigint not null       -- grows with every change, for those who watch
);
create index runs_by_age on runs (create_time desc, id desc) where subject is not null;
create index runs_by_subject on runs (subject, create_time desc, id desc);

-- The latest event of each kind, stage and run. Everything else about a run is derived from these.
create table facts (
  run        text not null references runs (id) on delete cascade,
  topic      text not null,
  stage      smallint not null,     -- cloakproof.v1.Stage; 0 where the topic says it
  time       timestamptz not null,
  first_time timestamptz not null,  -- of the earliest event of this kind
  payload    bytea not null,
  primary key (run, topic, stage)
);

-- Numbers reported on the way, such as the loss, until the stage's own curve is there.
create table curve_points (
  run   text not null references runs (id) on delete cascade,
  stage smallint not null,
  name  text not null,
  step  bigint not null,
  value double precision not null,
  primary key (run, stage, name, step)
);

create table scores (
  run         text not null references runs (id) on delete cascade,
  picture_set text not null,
  metric      text not null,
  mean        double precision not null,
  low         double precision,
  high        double precision,
  pictures    integer not null,
  primary key (run, picture_set, metric)
);

-- Which blobs a run holds on to. A blob goes when the last run lets go of it.
create table blob_references (
  run        text not null references runs (id) on delete cascade,
  sha256     text not null,
  kind       text not null,         -- Retention.Kind
  size_bytes bigint not null,
  media_type text not null,
  time       timestamptz not null,  -- when it came, where retention begins
  primary key (run, sha256, kind)
);
create index blob_references_by_blob on blob_references (sha256);
create index blob_references_by_age on blob_references (kind, time);

-- What was deleted stays deleted, whichever of its events comes late. Nothing personal: a run's id, a subject's hash.
create table deleted_runs (
  id   text primary key,
  time timestamptz not null
);
create table deleted_subjects (
  subject_sha256 text primary key,
  time           timestamptz not null
);
