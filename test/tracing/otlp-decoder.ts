/** A strict reader of OTLP trace exports: protobuf by hand, and an error for every field that the contract does not know. */

export interface DecodedSpan {
  trace_id: string;
  span_id: string;
  parent_id: string;
  name: string;
  kind: number;
  start: bigint;
  end: bigint;
  status: number;
  attributes: Record<string, unknown>;
  links: { trace_id: string; span_id: string }[];
}

type Value = bigint | Buffer;
type Fields = Map<number, Value[]>;

/** An `ExportTraceServiceRequest`. */
export function decodeExport(body: Buffer): { resource: Record<string, unknown>; spans: DecodedSpan[] } {
  let resource: Record<string, unknown> = {};
  const spans: DecodedSpan[] = [];
  for (const group of bytesAt(read(body, [1]), 1)) {
    const fields = read(group, [1, 2, 3]);
    for (const one of bytesAt(fields, 1)) resource = attributes(read(one, [1, 2]), 1);
    for (const scope of bytesAt(fields, 2)) {
      for (const span of bytesAt(read(scope, [1, 2, 3]), 2)) spans.push(decodeSpan(span));
    }
  }
  return { resource, spans };
}

function decodeSpan(bytes: Buffer): DecodedSpan {
  const fields = read(bytes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  const [status] = bytesAt(fields, 15);
  const span = {
    trace_id: hex(fields, 1),
    span_id: hex(fields, 2),
    parent_id: hex(fields, 4),
    name: (bytesAt(fields, 5)[0] ?? Buffer.alloc(0)).toString(),
    kind: Number(fields.get(6)?.[0] ?? 0),
    start: number(fields, 7),
    end: number(fields, 8),
    status: status === undefined ? 0 : Number(read(status, [2, 3]).get(3)?.[0] ?? 0),
    attributes: attributes(fields, 9),
    links: bytesAt(fields, 13).map((link) => {
      const inner = read(link, [1, 2, 3, 4, 5, 6]);
      return { trace_id: hex(inner, 1), span_id: hex(inner, 2) };
    }),
  };
  if (!/^[0-9a-f]{32}$/.test(span.trace_id))
    throw new Error(`A trace id of ${span.trace_id.length / 2} bytes.`);
  if (!/^[0-9a-f]{16}$/.test(span.span_id)) throw new Error(`A span id of ${span.span_id.length / 2} bytes.`);
  if (!/^([0-9a-f]{16})?$/.test(span.parent_id)) throw new Error("A parent id of the wrong length.");
  if (span.end < span.start) throw new Error(`${span.name} ends before it starts.`);
  return span;
}

function attributes(fields: Fields, field: number): Record<string, unknown> {
  return Object.fromEntries(
    bytesAt(fields, field).map((pair) => {
      const inner = read(pair, [1, 2]);
      return [bytesAt(inner, 1)[0]?.toString() ?? "", anyValue(bytesAt(inner, 2)[0] ?? Buffer.alloc(0))];
    }),
  );
}

function anyValue(bytes: Buffer): unknown {
  const fields = read(bytes, [1, 2, 3, 4, 5]);
  for (const [field, [value]] of fields) {
    if (field === 1) return (value as Buffer).toString();
    if (field === 2) return value === 1n;
    if (field === 3) return Number(BigInt.asIntN(64, value as bigint));
    if (field === 4) return double(value as bigint);
    return bytesAt(read(value as Buffer, [1]), 1).map(anyValue);
  }
  return null;
}

function double(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

function hex(fields: Fields, field: number): string {
  return (bytesAt(fields, field)[0] ?? Buffer.alloc(0)).toString("hex");
}

function number(fields: Fields, field: number): bigint {
  const value = fields.get(field)?.[0];
  if (typeof value === "bigint") return value;
  throw new Error(`Field ${field} is missing or no number.`);
}

function bytesAt(fields: Fields, field: number): Buffer[] {
  return (fields.get(field) ?? []).map((value) => {
    if (Buffer.isBuffer(value)) return value;
    throw new Error(`Field ${field} is a number where bytes belong.`);
  });
}

/** One message; throws for a field that is not among `known`. */
function read(bytes: Buffer, known: readonly number[]): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("The message ends inside a number.");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number) => {
    if (at + length > bytes.length) throw new Error("The message is cut off.");
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const [field, wire] = [tag >> 3, tag & 7];
    if (!known.includes(field)) throw new Error(`Unknown field ${field}.`);
    const value = wire === 0 ? varint() : wire === 1 ? take(8).readBigUInt64LE() : wire === 2 ? take(Number(varint())) : wire === 5 ? BigInt(take(4).readUInt32LE()) : null; // prettier-ignore
    if (value === null) throw new Error(`Unknown wire type ${wire}.`);
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}
