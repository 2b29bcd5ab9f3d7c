import type { NotificationConfig } from '../config.ts';
import { fault } from './faults.ts';
import { parseCertificates } from './tls.ts';
import type { Variables } from './variables.ts';

const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * Notification endpoints are on the Internet. Only beside a sandbox, hosts named here are on loopback, and their certificates may be
 * issued by a root that is named too.
 */
export function parseNotifications(variables: Variables): NotificationConfig {
  const hosts = variables.find('PING_LOOPBACK_HOSTS');
  const isRootNamed = variables.find('PING_CA_FILE') !== undefined;
  const loopbackHosts = hosts?.split(',').map((host) => host.trim()) ?? [];
  if (!loopbackHosts.every((host) => HOST.test(host))) throw fault('PING_LOOPBACK_HOSTS is not a list of host names.');
  if (!isRootNamed) return { loopbackHosts, ca: undefined };
  const ca = variables.readFile('PING_CA_FILE').toString('utf8');
  parseCertificates('PING_CA_FILE', ca);
  return { loopbackHosts, ca };
}
