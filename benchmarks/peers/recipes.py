"""The standard recipes of LangChain, LlamaIndex, txtai and Chroma with the same model, as their own guides show them.

`python recipes.py PEER build ARTICLE FOLDER MODEL`, then `... ask FOLDER MODEL QUESTION` or `... warm FOLDER MODEL
FILE`. Runs in an environment of its own: `requirements.txt` beside this file.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "ANONYMIZED_TELEMETRY": "False"}

Search = Callable[[str, int], list[str]]


def langchain_build(text: str, folder: Path, model: str) -> None:
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_text(text)
    FAISS.from_texts(chunks, HuggingFaceEmbeddings(model_name=model)).save_local(str(folder))


def langchain_open(folder: Path, model: str) -> Search:
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(model_name=model)
    # The file was written a moment ago by this script.
    store = FAISS.load_local(str(folder), embeddings, allow_dangerous_deserialization=True)
    return lambda question, k: [found.page_content for found in store.similarity_search(question, k=k)]


def llamaindex_build(text: str, folder: Path, model: str) -> None:
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    index = VectorStoreIndex.from_documents([Document(text=text)], embed_model=HuggingFaceEmbedding(model_name=model))
    index.storage_context.persist(persist_dir=str(folder))


def llamaindex_open(folder: Path, model: str) -> Search:
    from llama_index.core import StorageContext, load_index_from_storage
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    storage = StorageContext.from_defaults(persist_dir=str(folder))
    index = load_index_from_storage(storage, embed_model=HuggingFaceEmbedding(model_name=model))
    retriever = index.as_retriever(similarity_top_k=10)
    return lambda question, k: [found.get_content() for found in retriever.retrieve(question)[:k]]


def txtai_build(text: str, folder: Path, model: str) -> None:
    from txtai import Embeddings

    embeddings = Embeddings(path=model, content=True)
    embeddings.index([paragraph for paragraph in text.split("\n\n") if paragraph.strip()])
    embeddings.save(str(folder))


def txtai_open(folder: Path, model: str) -> Search:
    from txtai import Embeddings

    embeddings = Embeddings(path=model, content=True)
    embeddings.load(str(folder))
    return lambda question, k: [found["text"] for found in embeddings.search(question, k)]


def chroma_build(text: str, folder: Path, model: str) -> None:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_text(text)
    _collection(folder, model).add(documents=chunks, ids=[str(number) for number in range(len(chunks))])


def chroma_open(folder: Path, model: str) -> Search:
    collection = _collection(folder, model)
    return lambda question, k: collection.query(query_texts=[question], n_results=k)["documents"][0]


def _collection(folder: Path, model: str):
    import chromadb
    from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

    embed = SentenceTransformerEmbeddingFunction(model_name=model)
    return chromadb.PersistentClient(path=str(folder)).get_or_create_collection("article", embedding_function=embed)


PEERS = {
    "LangChain": (langchain_build, langchain_open),
    "LlamaIndex": (llamaindex_build, llamaindex_open),
    "txtai": (txtai_build, txtai_open),
    "Chroma": (chroma_build, chroma_open),
}


def main(peer: str, what: str, *rest: str) -> None:
    build, open_ = PEERS[peer]
    if what == "build":
        article, folder, model = rest
        build(Path(article).read_text(encoding="utf-8"), Path(folder), model)
        return
    folder, model, asked = rest
    search = open_(Path(folder), model)
    if what == "ask":
        print(search(asked, 5)[0])
        return
    questions = [json.loads(line)["question"] for line in Path(asked).read_text(encoding="utf-8").splitlines()]
    search(questions[0], 5)
    times, found = [], []
    for question in questions:
        began = time.perf_counter()
        found.append(search(question, 3))
        times.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": times, "found": found, "peak MB": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
