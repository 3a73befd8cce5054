"""What Twilio tells us, signed and forged."""

import psycopg
import pytest
from twilio.request_validator import RequestValidator

from tests.api.conftest import PUBLIC, TOKEN, Service, until
from tests.api.street import PHONES

RECEIPT = {"MessageSid": "SM" + "1" * 32, "MessageStatus": "delivered", "ErrorCode": ""}


def signature(path: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    signed = RequestValidator(token).compute_signature(PUBLIC + path, form)  # type: ignore[no-untyped-call]
    return {"x-twilio-signature": str(signed)}


@pytest.mark.parametrize("path", ["/twilio/status", "/twilio/inbound"])
def test_what_is_not_signed_rightly_changes_nothing(service: Service, path: str) -> None:
    client = service.client()
    forged = signature(path, RECEIPT, "another token")
    for headers in ({}, forged, signature("/twilio/other", RECEIPT)):
        assert client.post(path, data=RECEIPT, headers=headers).status_code == 403
    assert client.post(path, content=b"\xff\xfe", headers=forged).status_code == 403
    with psycopg.connect(service.database) as db:
        assert db.execute("select count(*) from receipt").fetchone() == (0,)
        assert db.execute("select count(*) from inbound").fetchone() == (0,)


def test_a_receipt_moves_a_text_on(service: Service) -> None:
    with psycopg.connect(service.database) as db:
        row = db.execute(
            "update message set provider_id = %s where state = 'handed_over' returning id", (RECEIPT["MessageSid"],)
        ).fetchone()
    assert row
    answer = service.client().post("/twilio/status", data=RECEIPT, headers=signature("/twilio/status", RECEIPT))
    assert answer.status_code == 204
    with psycopg.connect(service.database) as db:
        assert db.execute("select state from message where id = %s", row).fetchone() == ("delivered",)


def test_a_text_from_a_phone_takes_the_alert(service: Service) -> None:
    form = {
        "MessageSid": "SM" + "2" * 32,
        "From": PHONES["Ben Archer"],
        "To": "+447700900000",
        "Body": "K7 1",
        "FromCity": "",
    }
    answer = service.client().post("/twilio/inbound", data=form, headers=signature("/twilio/inbound", form))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert "<Message>" in answer.text
    alert = service.street.alerts["Flat 3"]
    rita = service.signed_in("Rita Okafor")
    until(lambda: "Ben Archer has" in rita.get(f"/alerts/{alert}").text)


def test_a_text_from_an_unknown_phone_gets_no_answer(service: Service) -> None:
    form = {"MessageSid": "SM" + "3" * 32, "From": "+447700900999", "To": "+447700900000", "Body": "K7 1 <&>"}
    answer = service.client().post("/twilio/inbound", data=form, headers=signature("/twilio/inbound", form))
    assert "<Message>" not in answer.text
