/** The payer was authenticated by an advanced electronic signature over this payment, made with BankID. */
export const ACR = 'urn:sigill:acr:bankid-signature';
