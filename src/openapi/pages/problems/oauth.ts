import type { Explanation } from './explanation.ts';

/** Problems of the OAuth endpoints. */
export const oauth = {
  'grant.invalid': {
    meaning:
      'The authorization code or auth_req_id gives no token. error_description says why to the client that pushed; for every other client it is unknown.',
    causes: [
      'More than 60 seconds went by between the redirect and the redemption.',
      'The code was used before: the token request was repeated, and the token is revoked.',
      'redirect_uri or code_verifier is not that of the push.',
      'The DPoP key is not the one that the push named.',
      'The payer reloaded the way back, so a later code has replaced this one.',
    ],
    remedy:
      'Redeem each code once, at once, with the key, verifier and redirect_uri of its push. Never repeat a token request: if its answer was lost, push a new consent.',
  },
  'grant.pending': {
    meaning: 'The payer has not answered yet.',
    causes: ['Nothing is wrong: the payer is reading or signing.'],
    remedy: 'Ask again after interval seconds, or wait for the ping.',
  },
  'grant.slow-down': {
    meaning: 'The client asked before the interval was over; from now on it is five seconds longer.',
    causes: ['Two processes poll for one request.', 'The interval of the answer was not kept.'],
    remedy: 'Add five seconds to the interval of this request, and go on.',
  },
  'grant.expired': {
    meaning: 'The payer did not answer in time, or the token was not fetched in time.',
    causes: [
      'The payer did nothing until expires_in.',
      'The token was fetched later than five minutes after the signature.',
    ],
    remedy: 'Ask the payer whether to try again, and send a new request.',
  },
  'grant.denied': {
    meaning: 'The payer declined, or the authentication did not succeed; another try needs another request.',
    causes: ['The payer pressed Cancel.', 'The signature was not accepted.', 'You took the request back.'],
    remedy: 'error_description has the neutral reason. Do not send another request unless the payer wants it.',
  },
  'oauth.invalid-request': {
    meaning: 'A parameter is missing, repeated or invalid.',
    causes: [
      'A parameter is misspelt, or is sent twice.',
      'The value has another form than error_description asks for.',
    ],
    remedy:
      'error_description begins with the pointer of the parameter, /state for one, and says what is wrong with it.',
  },
  'oauth.unauthorized-client': {
    meaning: 'The client may not use this grant type, this way to the payer, or this kind of login.',
    causes: ['The client is not registered for it.', 'A bank or an auditor asks for what only a TPP may.'],
    remedy: 'Ask the operator to register the client for it.',
  },
  'oauth.unsupported-grant-type': {
    meaning: 'The service does not support this grant type.',
    causes: ['refresh_token: there are no refresh tokens, each payment is consented anew.', 'password or implicit.'],
    remedy: 'Use authorization_code, client_credentials or urn:openid:params:grant-type:ciba.',
  },
  'oauth.unsupported-response-type': {
    meaning: 'The service does not support this response type.',
    causes: ['response_type has id_token or token.'],
    remedy: 'Send response_type=code; an id_token comes from /token if scope has openid.',
  },
  'oauth.invalid-scope': {
    meaning: 'The scope is unknown, or the client may not ask for it.',
    causes: ['A scope of another server, such as payments.', 'A scope of another role, such as consume for a TPP.'],
    remedy:
      'Leave scope out of a push, or send openid for an id_token: authorization_details ask for the payment. error_description lists the scopes of machine tokens.',
  },
  'oauth.invalid-target': {
    meaning: 'The resource is not a bank of this service, or none is named where there are several.',
    causes: [
      'resource is missing.',
      'resource has another spelling than the registered one: it is compared as a string.',
    ],
    remedy: "Send the bank's resource indicator exactly as the operator gave it.",
  },
  'oauth.invalid-request-uri': {
    meaning: 'The request_uri is unknown or expired, or belongs to another client.',
    causes: [
      'The payer opened the link more than 300 seconds after the push.',
      'The payer has signed or declined already.',
      'client_id is not that of the push.',
    ],
    remedy: 'Push again, and send the browser to the new address at once.',
  },
  'oauth.invalid-request-object': {
    meaning: 'The request object is not signed by a registered key, or has an invalid claim.',
    causes: [
      'nbf or exp is missing, or they are more than 60 minutes apart.',
      'aud is not the issuer, or iss is not the client_id.',
      'The same object, by its jti, was pushed before.',
      'A parameter is a number: all but authorization_details and claims are strings.',
    ],
    remedy: 'Sign a new object for each push, with all parameters in it, valid for a few minutes.',
  },
  'oauth.unmet-authentication-requirements': {
    meaning: 'The client requires an authentication context (acr) that the service does not offer for this request.',
    causes: ['claims has an essential acr that is not among acr_values_supported of the metadata.'],
    remedy: 'Ask for an acr of the metadata, or do not make it essential.',
  },
  'oauth.invalid-binding-message': {
    meaning: 'The binding_message is missing, malformed, or not allowed in this request.',
    causes: [
      'It is longer than it may be, or has other characters.',
      'A payment with one: its text is the payment itself.',
    ],
    remedy: 'Send a short code for a login by phone, as docs/login.md shows.',
  },
  'initiation.invalid': {
    meaning:
      'This service does not accept the payment; pointer and detail, or error_description, say which member and why.',
    causes: [
      'A check digit of an account or a reference is wrong.',
      'A number stands where a text is expected: amounts are texts, "1250.00".',
      'A member is unknown: nothing is ignored, because everything is signed.',
      'A text has a character that the payer could misread, or reads like an amount.',
    ],
    remedy: 'Correct the member that the pointer names.',
  },
  'backchannel.not-found': {
    meaning: 'There is no backchannel request with this identifier that the caller may see.',
    causes: [
      'The DPoP key or the certificate is not the one to which the request is bound.',
      'It ended more than an hour ago.',
    ],
    remedy: 'Call with the key of the request; use id, not auth_req_id.',
  },
  'backchannel.return-differs': {
    meaning: 'The nonce is not that of the order of this request.',
    causes: ['The app handed in the nonce of an earlier order, or changed it.'],
    remedy: 'Hand in sigill_nonce exactly as the BankID app brought it, once.',
  },
  'backchannel.nothing-to-start': {
    meaning: 'There is at present no BankID order that could be started, or none of this way.',
    causes: [
      'The order is being renewed.',
      'The request has ended.',
      'The QR code of a request for an app was asked for, or the other way round.',
    ],
    remedy: 'Read the request: while its state is waiting or started, ask again in a second.',
  },
} as const satisfies Readonly<Record<string, Explanation>>;
