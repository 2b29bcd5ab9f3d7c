import type { BusyEndpoints } from '../http/shedding.ts';
import { oauthErrorOf } from './oauth/oauth-errors.ts';

/** What clients post to, again and again. */
export const busyEndpoints: BusyEndpoints = {
  classes: new Map([
    ['/par', 'first'],
    ['/token', 'ordinary'],
    ['/introspect', 'ordinary'],
    ['/revoke', 'ordinary'],
  ]),
  bodyOf: (error) => JSON.stringify(oauthErrorOf(error).body),
};
