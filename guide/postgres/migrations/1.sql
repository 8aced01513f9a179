-- The tables of a collection. Everything of an article hangs on article_id, so that an article is replaced in one
-- transaction, and tables can be distributed by it.

create table corpus (
    only_row boolean primary key default true check (only_row),
    schema_version int not null,
    model text not null,
    model_sha256 text not null,
    agreement text not null,            -- how near the model's runtime comes to the original, as JSON
    recipe text not null,               -- what shaped the index, as JSON
    edition uuid not null               -- another one after each change
);

create table articles (
    article_id text collate "C" primary key,
    version uuid not null,              -- another one each time the article is written
    title text not null,
    author text not null,
    sha256 text not null,
    source_sha256 text not null,
    point_sum vector({dimension}) not null,
    question_sum vector({dimension}) not null,
    record text not null                -- the article with its passages, as JSON
);

create table passages (
    article_id text collate "C" not null,
    number int not null,
    role smallint not null,
    length int not null,                -- how many stems, repeats counted
    stems text[] not null,
    times int[] not null,               -- how often each of them stands in it
    embedding halfvec({dimension}) not null,
    primary key (article_id, number)
);

create table points (
    article_id text collate "C" not null,
    passage int not null,
    number int not null,
    embedding halfvec({dimension}) not null,
    primary key (article_id, passage, number)
);

create table questions (
    article_id text collate "C" not null,
    passage int not null,
    number int not null,
    embedding halfvec({dimension}) not null,
    tokens bytea not null,              -- float16, little-endian, (tokens, dimension)
    primary key (article_id, passage, number)
);

create table tokens (
    article_id text collate "C" not null,
    passage int not null,
    ids int[] not null,
    segments int[] not null,            -- where each segment begins among them, and the end
    vectors bytea not null,             -- float16, little-endian, (tokens, dimension)
    primary key (article_id, passage)
);
alter table tokens alter column vectors set storage external;
alter table questions alter column tokens set storage external;

create table postings (
    stem text not null,
    article_id text collate "C" not null,
    passage int not null,
    times int not null,
    length int not null,
    weight real not null                -- by which the postings of a stem are ordered
);

-- How often things stand in the corpus. Writers append what they add and take away; one at a time folds it.
create table counts (kind text not null, key text not null, n bigint not null, primary key (kind, key));
create table article_counts (
    article_id text collate "C" not null, kind text not null, keys text[] not null, n bigint[] not null,
    primary key (article_id, kind)
);
create table count_changes (article_id text collate "C" not null, kind text not null, keys text[] not null, n bigint[] not null);
