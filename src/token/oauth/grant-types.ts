/** @see OpenID CIBA Core §10.1 */
export const CIBA = 'urn:openid:params:grant-type:ciba';
