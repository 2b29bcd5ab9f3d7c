"""A TPP pushes a payment, with the standard library and `cryptography` alone. Python 3.9 or newer:

    python3 docs/examples/push.py <file with the client's private JWK> [client id] [issuer]

Prints the answer, and the address to which the payer's browser is sent.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

RESOURCE = "https://api.exempelbanken.example/payments"
REDIRECT_URI = "http://localhost:3003/callback"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PAYMENT = {
    "type": "payment_initiation",
    "instructedAmount": {"currency": "SEK", "amount": "1250.00"},
    "creditorName": "Exempelbutiken AB",
    "creditorAccount": {"bankgiro": "5050-1055"},
    "remittanceInformationStructured": {"reference": "12345674", "referenceType": "OCR"},
}


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode_number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def private_key(jwk: dict) -> ec.EllipticCurvePrivateKey:
    public = ec.EllipticCurvePublicNumbers(decode_number(jwk["x"]), decode_number(jwk["y"]), ec.SECP256R1())
    return ec.EllipticCurvePrivateNumbers(decode_number(jwk["d"]), public).private_key()


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict:
    numbers = key.public_key().public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": encode(numbers.x.to_bytes(32, "big")),
        "y": encode(numbers.y.to_bytes(32, "big")),
    }


def sign(key: ec.EllipticCurvePrivateKey, header: dict, claims: dict) -> str:
    """A JWT with ES256. Its signature is r and s, 32 bytes each (RFC 7518 §3.4)."""
    parts = [encode(json.dumps(part).encode()) for part in ({"alg": "ES256", **header}, claims)]
    r, s = decode_dss_signature(key.sign(".".join(parts).encode(), ec.ECDSA(hashes.SHA256())))
    return ".".join([*parts, encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))])


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        jwk = json.load(file)
    client_id = sys.argv[2] if len(sys.argv) > 2 else "exempelbetal"
    issuer = sys.argv[3] if len(sys.argv) > 3 else "http://localhost:3000"
    endpoint = issuer + "/par"
    now = int(time.time())

    # RFC 7523: who we are. aud is the issuer, as a string.
    assertion = sign(
        private_key(jwk),
        {"kid": jwk["kid"]},
        {"iss": client_id, "sub": client_id, "aud": issuer, "jti": str(uuid.uuid4()), "iat": now, "exp": now + 60},
    )
    # RFC 9449: which key we hold. Keep it until the bank has been paid: code and token are bound to it.
    dpop_key = ec.generate_private_key(ec.SECP256R1())
    proof = sign(
        dpop_key,
        {"typ": "dpop+jwt", "jwk": public_jwk(dpop_key)},
        {"jti": str(uuid.uuid4()), "htm": "POST", "htu": endpoint, "iat": now},
    )
    code_verifier = secrets.token_urlsafe(32)
    form = {
        "client_id": client_id,
        "client_assertion_type": JWT_BEARER,
        "client_assertion": assertion,
        "response_type": "code",
        "redirect_uri": REDIRECT_URI,
        "state": secrets.token_urlsafe(16),
        "code_challenge": encode(hashlib.sha256(code_verifier.encode()).digest()),
        "code_challenge_method": "S256",
        "resource": RESOURCE,
        "authorization_details": json.dumps([PAYMENT]),
    }
    request = urllib.request.Request(
        endpoint,
        data=urllib.parse.urlencode(form).encode(),
        headers={"DPoP": proof, "Idempotency-Key": str(uuid.uuid4())},
    )
    try:
        with urllib.request.urlopen(request) as response:
            pushed = json.load(response)
    except urllib.error.HTTPError as refused:
        error = json.load(refused)
        sys.exit(f"{error['error']}: {error.get('error_description')}, {error['error_uri']}")

    query = urllib.parse.urlencode({"client_id": client_id, "request_uri": pushed["request_uri"]})
    print(json.dumps({**pushed, "open": f"{issuer}/authorize?{query}"}))


main()
