"""The contract that makers read is the contract that the server keeps."""

import json
import subprocess
import sys
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from gateway.contract import TOPICS, Topic, contract
from gateway.messages import MAX_READINGS, Kind, Leaf, Status

WITH_EXAMPLES = [(topic, example) for topic in TOPICS for example in topic.examples]
SCHEMAS = {topic.leaf: topic.model.model_json_schema() for topic in TOPICS if topic.model}


def resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return found


def unknown_fields(value: object, schema: dict[str, Any], root: dict[str, Any]) -> list[str]:
    """Fields of an example that the schema does not name, however deep."""
    schema = resolved(schema, root)
    if isinstance(value, list):
        return [name for one in value for name in unknown_fields(one, schema.get("items", {}), root)]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    named = schema["properties"]
    deeper = [name for key in value.keys() & named.keys() for name in unknown_fields(value[key], named[key], root)]
    return [key for key in value if key not in named] + deeper


@pytest.mark.parametrize(("topic", "example"), WITH_EXAMPLES, ids=lambda one: getattr(one, "leaf", "example"))
def test_each_example_is_what_the_server_takes_and_has_no_field_that_the_schema_lacks(
    topic: Topic, example: dict[str, Any]
) -> None:
    assert topic.model is not None
    topic.model.model_validate_json(json.dumps(example))
    assert unknown_fields(example, SCHEMAS[topic.leaf], SCHEMAS[topic.leaf]) == []
    assert set(SCHEMAS[topic.leaf].get("required", ())) <= set(example)


def test_every_topic_is_told_and_each_that_is_json_has_a_schema_and_an_example() -> None:
    assert {topic.leaf for topic in TOPICS} == set(get_args(Leaf))
    assert {topic.leaf for topic in TOPICS if topic.model and topic.examples} == set(SCHEMAS)
    assert {topic.leaf for topic in TOPICS if not topic.model} == {"assets"}


def test_the_schema_says_the_limits_and_the_closed_list_of_kinds() -> None:
    envelope = SCHEMAS["readings"]
    assert envelope["properties"]["readings"]["maxItems"] == MAX_READINGS
    assert envelope["additionalProperties"] is False
    assert envelope["$defs"]["Kind"]["enum"] == [kind.value for kind in Kind]
    assert envelope["$defs"]["Reading"]["properties"]["seq"]["minimum"] == 1


def test_what_a_gateway_says_may_have_no_field_that_nobody_knows() -> None:
    with pytest.raises(ValidationError):
        Status.model_validate_json(b'{"online": true, "mood": "good"}')


def test_a_maker_can_print_it() -> None:
    done = subprocess.run([sys.executable, "-m", "gateway", "contract"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == contract()
