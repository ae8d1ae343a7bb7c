/**
 * MessagePack, as much of it as the wire needs. In: plain values. Out: bytes, and the other way round. Longer than the server takes
 * (`MAX_MESSAGE_BYTES`) is not written; all that it may write is read. Next file: `socket.ts`.
 */

const WIDE = 65_536;
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

export function encode(value: unknown): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  const putSize = (n: number, short: number, nShort: number, long: number) => {
    if (n < nShort) out.push(short | n);
    else if (n < WIDE) out.push(long, n >> 8, n & 255);
    else throw new RangeError("too long for the wire");
  };
  const putNumber = (code: number, n_bytes: number, write: (view: DataView) => void) => {
    const view = new DataView(new ArrayBuffer(n_bytes));
    write(view);
    out.push(code, ...new Uint8Array(view.buffer));
  };
  const put = (one: unknown): void => {
    if (one === null || one === undefined) out.push(0xc0);
    else if (typeof one === "boolean") out.push(one ? 0xc3 : 0xc2);
    else if (typeof one === "number") {
      if (!Number.isSafeInteger(one)) putNumber(0xcb, 8, (view) => view.setFloat64(0, one));
      else if (one >= -32 && one < 128) out.push(one & 255);
      else if (one === (one | 0)) putNumber(0xd2, 4, (view) => view.setInt32(0, one));
      else putNumber(0xd3, 8, (view) => view.setBigInt64(0, BigInt(one)));
    } else if (typeof one === "string") {
      const bytes = utf8.encode(one);
      putSize(bytes.length, 0xa0, 32, 0xda);
      for (const byte of bytes) out.push(byte);
    } else if (one instanceof Uint8Array) {
      putSize(one.length, 0, 0, 0xc5);
      for (const byte of one) out.push(byte);
    } else if (Array.isArray(one)) {
      putSize(one.length, 0x90, 16, 0xdc);
      one.forEach(put);
    } else {
      const entries = Object.entries(one as object);
      putSize(entries.length, 0x80, 16, 0xde);
      entries.flat().forEach(put);
    }
  };
  put(value);
  return Uint8Array.from(out);
}

export function decode(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (n: number) => {
    at += n;
    return bytes.subarray(at - n, at);
  };
  /** A whole number of `n` bytes, not negative. */
  const whole = (n: number) => {
    let value = 0;
    for (; n > 0; n--) value = value * 256 + view.getUint8(at++);
    return value;
  };
  const text = (n: number) => fromUtf8.decode(take(n));
  const list = (n: number) => Array.from({ length: n }, one);
  const map = (n: number) => Object.fromEntries(Array.from({ length: n }, () => [one(), one()]));
  function one(): unknown {
    const code = whole(1);
    if (code < 0x80) return code;
    if (code < 0x90) return map(code & 15);
    if (code < 0xa0) return list(code & 15);
    if (code < 0xc0) return text(code & 31);
    if (code >= 0xe0) return code - 256;
    if (code >= 0xde) return map(whole(2 << (code - 0xde)));
    if (code >= 0xdc) return list(whole(2 << (code - 0xdc)));
    if (code >= 0xd9) return text(whole(1 << (code - 0xd9)));
    if (code >= 0xcc && code < 0xd0) return whole(1 << (code - 0xcc));
    if (code >= 0xc4 && code < 0xc7) return take(whole(1 << (code - 0xc4)));
    const start = at;
    switch (code) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return code === 0xc3;
      case 0xca:
        at += 4;
        return view.getFloat32(start);
      case 0xcb:
        at += 8;
        return view.getFloat64(start);
      case 0xd0:
        at += 1;
        return view.getInt8(start);
      case 0xd1:
        at += 2;
        return view.getInt16(start);
      case 0xd2:
        at += 4;
        return view.getInt32(start);
      case 0xd3:
        at += 8;
        return Number(view.getBigInt64(start));
      default:
        throw new RangeError("not on the wire");
    }
  }
  const value = one();
  if (at !== bytes.length) throw new RangeError("cut off, or more than one");
  return value;
}
