/** Which rule keeps what a bank has of a consent. */
export type RetentionRule = 'accounting' | 'money-laundering' | 'dispute';
