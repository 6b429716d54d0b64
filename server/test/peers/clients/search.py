"""Searches with the client that openapi-python-client made: python search.py URL PICTURE"""

import sys

from lookalike_client import Client
from lookalike_client.api.search import search_similar
from lookalike_client.models import SearchForm, SearchResponse
from lookalike_client.types import File

url, picture = sys.argv[1:]
with open(picture, "rb") as file:
    form = SearchForm(image_file=File(payload=file, file_name="a.jpg", mime_type="image/jpeg"), limit=1)
    answer = search_similar.sync(client=Client(base_url=url), body=form)
assert isinstance(answer, SearchResponse), answer
print(answer.results[0].id)
