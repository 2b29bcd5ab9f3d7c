"""A bank consumes a consent, with a client that openapi-python-client makes of the API's description.

python-client.sh makes the client and runs this. From stdin: {"issuer", "clientId", "key", "consentId", "consumption"}, where
`key` is the bank's signing key as a JWK and `consumption` the body of POST /consents/{id}/consume.
"""

import base64
import hashlib
import json
import sys
import time
import uuid

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from sigill_api import Client
from sigill_api.api.consents import consume_consent
from sigill_api.api.authorization import issue_token
from sigill_api.models import Consumed, ConsumeRequest, TokenForm, TokenResponse

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def main() -> None:
    given = json.load(sys.stdin)
    issuer, client_id = given["issuer"], given["clientId"]
    client = Client(base_url=issuer)
    dpop_key = ec.generate_private_key(ec.SECP256R1())
    public_jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(dpop_key.public_key()))

    def proof_for(method: str, path: str, token: str | None = None) -> str:
        """One proof for each request (RFC 9449 §4.2)."""
        claims = {"jti": str(uuid.uuid4()), "htm": method, "htu": issuer + path, "iat": int(time.time())}
        if token is not None:
            digest = hashlib.sha256(token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return jwt.encode(claims, dpop_key, "ES256", {"typ": "dpop+jwt", "jwk": public_jwk})

    now = int(time.time())
    assertion = jwt.encode(
        {"iss": client_id, "sub": client_id, "aud": issuer, "jti": str(uuid.uuid4()), "iat": now, "exp": now + 60},
        jwt.PyJWK(given["key"], "ES256").key,
        "ES256",
        {"kid": given["key"]["kid"]},
    )
    form = TokenForm.from_dict(
        {
            "grant_type": "client_credentials",
            "scope": "consume",
            "client_id": client_id,
            "client_assertion_type": JWT_BEARER,
            "client_assertion": assertion,
        }
    )
    issued = issue_token.sync(client=client, body=form, d_po_p=proof_for("POST", "/token"))
    if not isinstance(issued, TokenResponse):
        sys.exit(f"no token: {issued}")

    path = f"/consents/{given['consentId']}/consume"
    headers = {
        "Authorization": f"DPoP {issued.access_token}",
        "DPoP": proof_for("POST", path, issued.access_token),
    }
    body = ConsumeRequest.from_dict(given["consumption"])
    consumed = consume_consent.sync(uuid.UUID(given["consentId"]), client=client.with_headers(headers), body=body)
    if not isinstance(consumed, Consumed):
        sys.exit(f"not consumed: {consumed}")
    print(consumed.consumed_at.isoformat())


main()
