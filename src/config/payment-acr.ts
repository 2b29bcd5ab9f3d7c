/**
 * How the payer of a payment was authenticated (OpenID Connect Core §2): by an advanced electronic signature over this payment, made
 * with BankID. No login ever says so.
 */
export const ACR = 'urn:sigill:acr:bankid-signature';
