-- Spreads a collection over the workers of a Citus cluster. Run once on the coordinator, by the role that writes, when
-- the collection's tables are there and nearly empty: docs/scale.md says how.
set search_path = guide, public;
set citus.shard_count = 128;

-- Everything of an article lies on one worker.
select create_distributed_table('articles', 'article_id', colocate_with => 'none');
select create_distributed_table('passages', 'article_id', colocate_with => 'articles');
select create_distributed_table('points', 'article_id', colocate_with => 'articles');
select create_distributed_table('questions', 'article_id', colocate_with => 'articles');
select create_distributed_table('tokens', 'article_id', colocate_with => 'articles');
select create_distributed_table('postings', 'article_id', colocate_with => 'articles');
select create_distributed_table('article_counts', 'article_id', colocate_with => 'articles');
select create_distributed_table('passage_ids', 'article_id', colocate_with => 'articles');
select create_distributed_table('languages', 'article_id', colocate_with => 'articles');
select create_distributed_table('originals', 'article_id', colocate_with => 'articles');

-- The small ones stay on the coordinator: corpus, counts, count_changes.

-- What a session sets doesn't reach the workers.
alter database guide set hnsw.ef_search = 400;
select run_command_on_workers('alter database guide set hnsw.ef_search = 400');
