import { DEFAULT_RP_CERTIFICATE, RP_CERTIFICATE_ID } from '../../config/rp-certificates.ts';
import { HTTPS_URI, MAX_ENDPOINT, MAX_RETURN_URI, MAX_RETURN_URIS, RETURN_URI } from '../members/forms.ts';
import { backchannelWays, loginScopes } from '../payer-ways.ts';
import { closed, has, someOf, text, without, type SchemaObject } from './json-schema.ts';

const backchannel: SchemaObject = closed(
  {
    ways: { ...someOf(backchannelWays), description: 'How a request may reach the person.' },
    delivery: { enum: ['poll', 'ping'], description: 'ping: the service tells the endpoint that a request has ended.' },
    notificationEndpoint: text(HTTPS_URI, { maxLength: MAX_ENDPOINT, description: 'For the delivery ping.' }),
    returnUris: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_RETURN_URIS,
      uniqueItems: true,
      items: text(RETURN_URI, { maxLength: MAX_RETURN_URI }),
      description: 'For the way app: where BankID opens the app of the client again, compared as a string.',
    },
  },
  {
    required: ['ways', 'delivery'],
    allOf: [
      {
        if: has('delivery', { const: 'ping' }),
        then: { required: ['notificationEndpoint'] },
        else: without('notificationEndpoint'),
      },
      {
        if: has('ways', { type: 'array', contains: { const: 'app' } }),
        then: { required: ['returnUris'] },
        else: without('returnUris'),
      },
    ],
  },
);

const byPhone: SchemaObject = closed({
  initiators: { ...someOf(['user', 'RP']), description: 'Who began the call; the person alone without it.' },
});

/** The members by which a client reaches persons other than by payments in a browser. */
export const waysSchemas = {
  backchannel,
  phonePayment: byPhone,
  phoneLogin: byPhone,
  bindingMessageOptional: { type: 'boolean' },
  login: closed(
    {
      scopes: { ...someOf(loginScopes), description: 'The scopes that it may request.' },
      loginOnly: { type: 'boolean', default: false, description: 'For rp: a request for openid alone is a login.' },
      userinfoSignedResponseAlg: {
        enum: ['ES256', 'PS256', 'EdDSA'],
        description: 'What /userinfo answers is signed.',
      },
    },
    { required: ['scopes'] },
  ),
  bankidCertificate: text(RP_CERTIFICATE_ID, { not: { const: DEFAULT_RP_CERTIFICATE } }),
  phoneLimits: { const: 'none' },
} as const satisfies Readonly<Record<string, SchemaObject>>;

const phoneWay = has('backchannel', has('ways', { type: 'array', contains: { const: 'phone' } }));
const needsPhoneWay = ['phonePayment', 'phoneLogin', 'phoneLimits'];

/** Each member needs those without which it has no meaning. */
export const waysTogether: readonly SchemaObject[] = [
  ...needsPhoneWay.map((member) => ({ if: has(member), then: phoneWay })),
  { if: has('phoneLogin'), then: has('login') },
  { if: phoneWay, then: { anyOf: [has('phonePayment'), has('phoneLogin')] } },
  { if: has('bindingMessageOptional', { const: true }), then: has('phoneLogin') },
  {
    if: { anyOf: [has('phonePayment'), has('phoneLogin'), has('login'), phoneWay] },
    then: has('bankidCertificate'),
    else: without('bankidCertificate'),
  },
];
