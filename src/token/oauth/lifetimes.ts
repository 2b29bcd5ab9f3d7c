/** FAPI 2.0 §5.3.2.1: a code lives at most 60 s. */
export const CODE_SECONDS = 60;
/** At most: the token of a consent ends with the consent, which the statement that redeems the code sees to. */
export const ACCESS_TOKEN_SECONDS = 300;
