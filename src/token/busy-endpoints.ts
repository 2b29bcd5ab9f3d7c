import type { BusyEndpoints } from '../http/shedding.ts';
import { oauthErrorOf } from './oauth/oauth-errors.ts';

/** The endpoints that clients call most. */
export const busyEndpoints = (issuer: string): BusyEndpoints => ({
  classes: new Map([
    ['/par', 'first'],
    ['/backchannel', 'first'],
    ['/token', 'ordinary'],
    ['/introspect', 'ordinary'],
    ['/revoke', 'ordinary'],
  ]),
  bodyOf: (error) => JSON.stringify(oauthErrorOf(error, issuer).body),
});
