"""How a Python program in a machine tells the test outside what it saw."""

import base64
import json
import sys

from azure.core.exceptions import HttpResponseError


def tell(seen):
    """One JSON document on stdout."""
    json.dump(seen, sys.stdout)


def claims_of(token):
    """The claims of a token, unverified."""
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def refusal(work):
    """How an SDK says no: the status and code, or the error's text."""
    try:
        work()
        return "not refused"
    except HttpResponseError as error:
        if error.status_code is None or error.error is None:
            return error.message
        return [error.status_code, error.error.code]
    except Exception as error:  # what is not HTTP says it in words
        return str(error)
