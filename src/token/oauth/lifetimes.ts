/** FAPI 2.0 §5.3.2.1: a code lives at most 60 s. */
export const CODE_SECONDS = 60;
/** Never past the consent: `Consents.bindToken` shortens it. */
export const ACCESS_TOKEN_SECONDS = 300;
