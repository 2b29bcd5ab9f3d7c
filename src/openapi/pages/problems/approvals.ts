import type { Explanation } from './explanation.ts';

export const approvals = {
  'export.requester-needed': {
    meaning: 'The order does not say which person orders, and the bank wants to know before a second one approves.',
    causes: ['The order has no requesterToken.'],
    remedy:
      'Have the person log in at the issuer that the problem names, for its clientId and with its nonce, and send the order again with the id_token as requesterToken.',
  },
  'export.not-awaiting-approval': {
    meaning: 'The order does not await an approval.',
    causes: ['It is approved already.', 'It needs none.', 'It has expired or was deleted.'],
    remedy: 'Read its state from GET /exports/{id}/approval.',
  },
  'approval.token-invalid': {
    meaning:
      'The token is no id_token of the identity provider of the bank for this purpose. The detail says what is wrong.',
    causes: [
      'It is of another issuer, or meant for another client.',
      'It has expired.',
      'No key that the provider publishes verifies its signature.',
      'It lacks nonce or auth_time: some providers give auth_time only if max_age asks for it, or by a setting of the client.',
    ],
    remedy: 'Log in again by sigill approve, and have the provider give auth_time.',
  },
  'approval.other-order': {
    meaning: 'The person has approved something else: the nonce of the id_token is not the one of this order.',
    causes: ['The token was obtained for another order.', 'The order was changed after the token was obtained.'],
    remedy: 'Read the order again from GET /exports/{id}/approval, and log in with the nonce that it has.',
  },
  'approval.login-too-old': {
    meaning: 'The person logged in at the provider more than five minutes ago.',
    causes: ['The provider used a session that was there, because the request had neither max_age nor prompt=login.'],
    remedy: 'Log in again, with prompt=login.',
  },
  'approval.not-approver': {
    meaning: 'The provider does not say that this person may approve exports.',
    causes: [
      'The person never had the role, or it was taken away.',
      'The provider does not put the claim into the id_token.',
    ],
    remedy: 'Have another person approve, or let the bank give the role.',
  },
  'approval.own-order': {
    meaning: 'The person who orders an export does not approve it.',
    causes: [
      'The same person logged in for the order and for its approval.',
      'Another provider or another client was registered between the two, so that it cannot be seen who is who.',
    ],
    remedy: 'Have another person approve, or order again.',
  },
  'approval.replayed': {
    meaning: 'This id_token has been used before.',
    causes: ['The same order was sent twice.'],
    remedy: 'Log in again for each order and for each approval.',
  },
  'approval.provider-unavailable': {
    meaning: 'The identity provider of the bank cannot be asked for its keys. Nothing has changed.',
    causes: ['It does not answer.', 'Its metadata name another issuer than the one that is registered.'],
    remedy: 'Send the request again after Retry-After.',
  },
} as const satisfies Readonly<Record<string, Explanation>>;
