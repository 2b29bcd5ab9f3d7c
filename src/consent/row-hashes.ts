/** For comparing a consent's rows afterwards: whether the keyed hashes in them are those of what they stand for. */
export { isConsumeRequest } from './consumption/consume-request.ts';
export { isPayerHash, isPayerMac, isPaymentMac } from './store/hashes.ts';
