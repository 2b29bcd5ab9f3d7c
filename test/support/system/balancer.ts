import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

interface Instance {
  readonly port: number;
}

export interface Balancer {
  /** From now on these serve, request by request in turn, wherever they listen at that moment. */
  serveBy(...instances: readonly Instance[]): void;
  stop(): void;
}

/** Stands before several instances at the address that clients know. */
export async function startBalancer(port: number): Promise<Balancer> {
  let instances: readonly Instance[] = [];
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    turn += 1;
    pass(incoming, outgoing, instances[turn % instances.length]?.port);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    serveBy: (...chosen) => {
      instances = chosen;
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, port: number | undefined): void {
  const { method, url: path, headers } = incoming;
  const passed = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  passed.on('error', () => outgoing.destroy());
  // A caller that hangs up is hung up on, so that the service learns of it.
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) passed.destroy();
  });
  incoming.pipe(passed);
}
