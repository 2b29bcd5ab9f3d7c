/** FAPI 2.0 §5.3.2.1: a code lives at most 60 s. */
export const CODE_SECONDS = 60;
/** The maximum. The token of a consent also ends with the consent, as the statement that redeems the code ensures. */
export const ACCESS_TOKEN_SECONDS = 300;
