/** For comparing a consent's rows later: whether their keyed hashes are those of the values that they stand for. */
export { isConsumeRequest } from './consumption/consume-request.ts';
export { isPayerMac, isPaymentMac } from './store/hashes.ts';
