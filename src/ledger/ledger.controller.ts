import { applyDecorators, Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, accessCodes, OptionalCaller, type Caller } from '../client-auth/access.ts';
import { ChangesNothing, UnderLoad } from '../http/route-declaration.ts';
import { Answers, header, Refuses } from '../openapi/answers.ts';
import { example } from '../openapi/api-examples.ts';
import { PathParameter } from '../openapi/parameters.ts';
import { ServedLogs } from './serve/served-logs.ts';

const ofBank = { roles: ['bank', 'auditor'], scope: 'evidence', openTo: 'public-log' } as const;
/** Of any number of segments. */
const TILE = ['tile', ':level', '*tile'].join('/');
const NEVER_CACHED = 'no-cache';
/** A tile never changes. Only its caller may keep it: most logs are not public. */
const ALWAYS_CACHED = 'private, max-age=31536000, immutable';

const exampleNote = [
  `sigill.example/ledger/${example.logId}`,
  '307',
  'qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=',
  '',
  `— sigill.example/ledger/${example.logId} …`,
  '',
].join('\n');

const text = { type: 'string' };
const octets = { type: 'string', contentMediaType: 'application/octet-stream' };

const LogId = (): MethodDecorator =>
  PathParameter('logId', 'The id of the bank’s logs', { pattern: '^[a-z2-7]{26}$' }, example.logId);

const refuses = (): MethodDecorator => Refuses(...accessCodes, 'ledger.not-found', 'ledger.unavailable');

/** A head as a route answers with it. */
const Checkpoint = (operationId: string, summary: string): MethodDecorator =>
  applyDecorators(
    ChangesNothing(),
    ApiOperation({
      operationId,
      summary,
      description:
        'A signed note (C2SP tlog-checkpoint): origin, number of leaves, root, signatures. Its origin is this address without scheme and last part.',
    }),
    LogId(),
    Answers(200, {
      description: 'The newest head that is kept, with the signatures of witnesses',
      content: { 'text/plain': { schema: text, examples: { head: exampleNote } } },
      headers: { 'Cache-Control': header('The next one may be asked for at once', NEVER_CACHED) },
    }),
    refuses(),
    Header('Cache-Control', NEVER_CACHED),
  );

/** A tile as a route answers with it. */
const Tile = (operationId: string, summary: string): MethodDecorator =>
  applyDecorators(
    ChangesNothing(),
    ApiOperation({
      operationId,
      summary,
      description:
        'C2SP tlog-tiles: hashes of a level, or with the level `entries` the leaves themselves, 32 octets each with their length before them. `tile` may have several segments: `x001/x234/067`, `000.p/51`.',
    }),
    LogId(),
    PathParameter(
      'level',
      'A level of tiles, 0 at the leaves, or `entries`',
      { pattern: '^([0-9]{1,2}|entries)$' },
      '0',
    ),
    PathParameter('tile', 'The index of the tile, and its width if it is not full', {}, '000.p/51'),
    Answers(200, {
      description: 'The tile',
      content: { 'application/octet-stream': { schema: octets, examples: { tile: '…' } } },
      headers: { 'Cache-Control': header('A tile never changes', ALWAYS_CACHED) },
    }),
    refuses(),
    Header('Cache-Control', ALWAYS_CACHED),
  );

/**
 * The logs of a bank at the addresses that C2SP tlog-tiles gives them. There is no list of logs: size and rhythm are the bank's own
 * business.
 */
@ApiTags('ledger')
@UnderLoad('first')
@Controller('ledger/:logId')
export class LedgerController {
  constructor(private readonly logs: ServedLogs) {}

  @Get('checkpoint')
  @Checkpoint('readLedgerHead', 'The newest signed head of the evidence')
  @Access(ofBank)
  async head(@Param('logId') logId: string, @OptionalCaller() caller: Caller | undefined): Promise<StreamableFile> {
    return note(await this.logs.readCheckpoint(logId, 'evidence', caller));
  }

  @Get(TILE)
  @Tile('readLedgerTile', 'A tile of the evidence')
  @Access(ofBank)
  async tile(@Param() params: TileParams, @OptionalCaller() caller: Caller | undefined): Promise<StreamableFile> {
    return tile(await this.logs.readTile(params.logId, 'evidence', pathOf(params), caller));
  }

  @Get('audit/checkpoint')
  @Checkpoint('readAuditHead', 'The newest signed head of the audit events')
  @Access(ofBank)
  async auditHead(
    @Param('logId') logId: string,
    @OptionalCaller() caller: Caller | undefined,
  ): Promise<StreamableFile> {
    return note(await this.logs.readCheckpoint(logId, 'audit', caller));
  }

  @Get(`audit/${TILE}`)
  @Tile('readAuditTile', 'A tile of the audit events')
  @Access(ofBank)
  async auditTile(@Param() params: TileParams, @OptionalCaller() caller: Caller | undefined): Promise<StreamableFile> {
    return tile(await this.logs.readTile(params.logId, 'audit', pathOf(params), caller));
  }
}

/** As the router gives them: what matched the asterisk is a list of segments. */
interface TileParams {
  readonly logId: string;
  readonly level: string;
  readonly tile: string | readonly string[];
}

function pathOf({ level, tile }: TileParams): string {
  return [level, ...[tile].flat()].join('/');
}

const note = (bytes: Buffer): StreamableFile => new StreamableFile(bytes, { type: 'text/plain; charset=utf-8' });
const tile = (bytes: Buffer): StreamableFile => new StreamableFile(bytes, { type: 'application/octet-stream' });
