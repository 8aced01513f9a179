-- What finds candidates: made last, since rows are copied several times as fast without it.

create index passages_near on passages using hnsw (embedding halfvec_ip_ops) with (m = 16, ef_construction = 64);
create index points_near on points using hnsw (embedding halfvec_ip_ops) with (m = 16, ef_construction = 64);
create index questions_near on questions using hnsw (embedding halfvec_ip_ops) with (m = 16, ef_construction = 64);
create index postings_best on postings (stem, weight desc, article_id, passage);
create index postings_of_article on postings (article_id);
create index articles_of_source on articles (source_sha256);
