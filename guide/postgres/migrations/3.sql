-- What is looked up of an article without reading it, and the PDF that it was read from.

create table passage_ids (
    id text collate "C" not null,
    article_id text collate "C" not null,
    number int not null,
    role smallint not null,
    primary key (article_id, number)
);
create index passages_by_id on passage_ids (id);
create index passages_by_role on passage_ids (role, article_id, number);
insert into passage_ids
select one.value ->> 'id', p.article_id, p.number, p.role
from articles a, json_array_elements(a.record::json -> 'passages') with ordinality as one (value, place)
join passages p on p.number = one.place - 1
where p.article_id = a.article_id;

create table languages (
    article_id text collate "C" primary key,
    stated text not null,               -- as the article states it
    told text not null                  -- as its words tell; empty where they tell nothing, and of rows from before
);
insert into languages select article_id, record::json -> 'article' ->> 'language', '' from articles;

create table originals (
    article_id text collate "C" primary key,
    sha256 text not null,               -- of the content
    content bytea not null
);
alter table originals alter column content set storage external;
