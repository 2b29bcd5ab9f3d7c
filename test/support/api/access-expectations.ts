/** How a caller comes to a route that takes access tokens. */
export const callers = [
  /** No credentials at all. */
  'none',
  /** The bank's own token, as a Bearer token without a proof. */
  'bearer',
  /** The bank's own token with scheme DPoP and no proof. */
  'unproven',
  /** The bank's own token, with another's proof. */
  'stolen',
  /** The bank's own token, without the scope of this route. */
  'narrow',
  'tpp',
  'otherTpp',
  'bank',
  'otherBank',
  'auditor',
  'rp',
  /** The TPP, with the access token of this very consent, where it still lives. */
  'consentToken',
  /** The TPP, with the access token of another consent of its own. */
  'foreignConsentToken',
  /** The TPP, with the access token of a login. */
  'loginToken',
] as const;

export type CallerKind = (typeof callers)[number];

/** A status, or that the caller is let in: whatever comes then is not 401, 403 or 404. */
export type Expected = number | 'in';

/** Who may come in where tokens are taken; a role that is not named gets 403, and a caller without proof 401. */
type Admitted = Readonly<Partial<Record<CallerKind, Expected>>>;

export type RouteExpectation =
  /** Open to all: it answers this, and asks for no credentials. */
  | { readonly kind: 'open'; readonly status: number }
  /** A page of the payer: nothing for a caller without the cookie, whatever else it holds; this for the bound browser. */
  | { readonly kind: 'browser'; readonly bound: number }
  /** An OAuth endpoint: which client by which status, once it has proven itself. */
  | {
      readonly kind: 'client';
      readonly statuses: Readonly<Record<'tpp' | 'otherTpp' | 'bank' | 'otherBank' | 'auditor' | 'rp', number>>;
    }
  | { readonly kind: 'token'; readonly admitted: Admitted };

const open = (status = 200): RouteExpectation => ({ kind: 'open', status });
const browser = (bound: number): RouteExpectation => ({ kind: 'browser', bound });
const token = (admitted: Admitted): RouteExpectation => ({ kind: 'token', admitted });
const evidence = token({ bank: 200, otherBank: 404, auditor: 200 });
/** A request of another: nobody here holds its key. */
const notTheirs = token({ tpp: 404, otherTpp: 404, rp: 404 });
const everyClient = { tpp: 200, otherTpp: 200, bank: 200, otherBank: 200, auditor: 200, rp: 200 };

/**
 * Who may call what, written down apart from the code that decides it. The consent that is asked for was consumed and its
 * execution reported, so that a caller who is rightly let in changes nothing either.
 */
export const expectations: Readonly<Record<string, RouteExpectation>> = {
  'GET /health/live': open(),
  'GET /health/ready': open(),
  'GET /problems': open(),
  'GET /problems/:code': open(),
  'GET /docs': open(),
  'GET /docs/openapi.json': open(),
  'GET /docs/sigill.css': open(),
  'GET /docs/assets/:file': open(404),
  'GET /docs/swagger-ui/:version/:file': open(404),
  'GET /assets/:file': open(404),
  'GET /.well-known/oauth-authorization-server': open(),
  'GET /.well-known/openid-configuration': open(),
  'GET /jwks': open(),
  // The sandbox's own page, which the service has not.
  'GET /verify': open(),
  'GET /verify/assets/:file': open(404),
  'POST /verify': open(400),
  'POST /verify/report': open(415),
  'GET /authorize': open(400),
  'POST /authorize': open(415),
  'GET /pay/assets/:file': open(404),
  'GET /pay/:interaction': browser(200),
  'GET /pay/:interaction/status': browser(200),
  'GET /pay/:interaction/qr': browser(404),
  'GET /pay/:interaction/back': browser(303),
  'POST /pay/:interaction/start/this': browser(303),
  'POST /pay/:interaction/start/other': browser(303),
  'POST /pay/:interaction/cancel': browser(303),
  'POST /pay/:interaction/decline': browser(303),
  'GET /authorize/:interaction/return': browser(303),
  // The interaction of a payment is none of a login.
  'GET /authorize/login/:interaction/return': browser(404),
  'GET /login/:interaction': browser(404),
  'GET /login/:interaction/status': browser(404),
  'GET /login/:interaction/qr': browser(404),
  'GET /login/:interaction/back': browser(404),
  'POST /login/:interaction/start/this': browser(404),
  'POST /login/:interaction/start/other': browser(404),
  'POST /login/:interaction/cancel': browser(404),
  'POST /login/:interaction/decline': browser(404),
  'POST /par': {
    kind: 'client',
    statuses: { tpp: 201, otherTpp: 201, bank: 403, otherBank: 403, auditor: 403, rp: 403 },
  },
  // The TPPs are not registered for it, and the shop has sent no signed request.
  'POST /backchannel': {
    kind: 'client',
    statuses: { tpp: 400, otherTpp: 400, bank: 403, otherBank: 403, auditor: 403, rp: 400 },
  },
  'GET /backchannel/:id': notTheirs,
  'GET /backchannel/:id/qr': notTheirs,
  'POST /backchannel/:id/launch': notTheirs,
  'POST /backchannel/:id/return': notTheirs,
  'DELETE /backchannel/:id': notTheirs,
  'POST /token': { kind: 'client', statuses: everyClient },
  'POST /introspect': { kind: 'client', statuses: { ...everyClient, tpp: 403, otherTpp: 403, auditor: 403, rp: 403 } },
  'POST /revoke': { kind: 'client', statuses: { ...everyClient, auditor: 403 } },
  'GET /consents/:id': token({ tpp: 200, otherTpp: 404, bank: 200, otherBank: 404, foreignConsentToken: 404 }),
  'GET /userinfo': token({ loginToken: 404 }),
  'POST /userinfo': token({ loginToken: 404 }),
  'GET /consent': token({ tpp: 404, otherTpp: 404, foreignConsentToken: 200 }),
  'DELETE /consents/:id': token({ tpp: 409, otherTpp: 404, bank: 409, otherBank: 404 }),
  'POST /consents/:id/consume': token({ bank: 200, otherBank: 404 }),
  'POST /consents/:id/execution': token({ bank: 200, otherBank: 404 }),
  'GET /consents/:id/evidence': evidence,
  // Of logins; none of them has this id.
  'GET /logins/:id/evidence': token({ tpp: 404, otherTpp: 404, rp: 404 }),
  'GET /ledger/:logId/checkpoint': evidence,
  'GET /ledger/:logId/tile/:level/*tile': evidence,
  'GET /ledger/:logId/audit/checkpoint': evidence,
  'GET /ledger/:logId/audit/tile/:level/*tile': evidence,
  'GET /evidence/:id': evidence,
  'GET /evidence/:id/verification': evidence,
  // The auditor has ordered none with this id, and sends no body.
  'POST /exports': token({ auditor: 'in' }),
  'GET /exports/:id': token({ auditor: 404 }),
  'GET /exports/:id/approval': token({ auditor: 404 }),
  'POST /exports/:id/approval': token({ auditor: 404 }),
  'GET /exports/:id/approval/proof': token({ auditor: 404 }),
  'GET /exports/:id/content': token({ auditor: 404 }),
  'DELETE /exports/:id': token({ auditor: 404 }),
  'POST /evidence/verify': token({ bank: 'in', otherBank: 'in', auditor: 'in' }),
};

const unproven: ReadonlySet<CallerKind> = new Set(['none', 'bearer', 'unproven', 'stolen']);

/** What a caller must get. The token of a consumed consent is dead, so it proves nothing any more. */
export function expectedOf({ admitted }: { readonly admitted: Admitted }, caller: CallerKind): Expected {
  if (unproven.has(caller) || caller === 'consentToken') return 401;
  return admitted[caller] ?? 403;
}
