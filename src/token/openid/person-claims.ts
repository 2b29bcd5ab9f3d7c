/** Claims about a person that BankID's certificate holds. @see Swedish OpenID Connect Claims and Scopes 1.0 §2.1, §3 */
export const PERSONAL_NUMBER_CLAIM = 'https://id.oidc.se/claim/personalIdentityNumber';
export const COORDINATION_NUMBER_CLAIM = 'https://id.oidc.se/claim/coordinationNumber';
