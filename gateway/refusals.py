"""Why a broker and we do not come together, as a problem somebody can mend. Pure."""

import ssl

from gateway.health import Problem

_CODES = {
    0x86: Problem.LOGIN_REFUSED,  # bad user name or password
    0x87: Problem.LOGIN_REFUSED,  # not authorized
    0x8A: Problem.LOGIN_REFUSED,  # banned
    0x8E: Problem.IDENTITY_SHARED,  # session taken over
}
_EXPIRED, _NOT_YET_VALID = 10, 9  # X509_V_ERR_* of OpenSSL


def problem_of_code(code: int) -> Problem | None:
    """Of an MQTT 5 reason code. Our own later connections are no strangers: their events are about another session."""
    return _CODES.get(code)


def problem_of_error(error: BaseException | None) -> Problem | None:
    """Of the error that ended the attempt to connect."""
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code == _EXPIRED:
            return Problem.CERTIFICATE_EXPIRED
        return Problem.CERTIFICATE_NOT_YET_VALID if error.verify_code == _NOT_YET_VALID else Problem.CERTIFICATE_REFUSED
    return problem_of_words(str(error)) if isinstance(error, ssl.SSLError) else None


def problem_of_words(text: str) -> Problem | None:
    """Of what OpenSSL says when the broker has refused our own certificate."""
    said = text.upper().replace(" ", "_")
    if "ALERT_CERTIFICATE_EXPIRED" in said:
        return Problem.OWN_CERTIFICATE_EXPIRED
    if "ALERT" in said and any(word in said for word in ("CERTIFICATE", "UNKNOWN_CA")):
        return Problem.OWN_CERTIFICATE_REFUSED
    return None
