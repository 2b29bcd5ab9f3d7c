/** How the payer was authenticated: by an advanced electronic signature over this payment, made in BankID. */
export const ACR = 'urn:sigill:acr:bankid-signature';
