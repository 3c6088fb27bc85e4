import { createReadStream, openSync, readSync, closeSync, statSync } from "node:fs";
import { constants, createGunzip, gunzipSync } from "node:zlib";
import { parse, type CsvError } from "csv-parse";

/** One row of a file: its cells in the order of the header, and where it begins (the header is line 1). */
export interface CsvRow {
  line: number;
  cells: string[];
  raw: string;
}

/** A row that is not of the file's shape. */
export interface CsvFault {
  line: number;
  raw: string;
  reason: string;
}

export interface CsvFile {
  header: string[];
  /** Read once. */
  rows: AsyncIterable<CsvRow>;
}

export interface CsvOptions {
  delimiter?: string | undefined;
  encoding?: "utf8" | "latin1" | "utf16le" | undefined;
  onFault: (fault: CsvFault) => void;
  /** Hears how many bytes of the file have been read, and how many there are. */
  onProgress?: (done: number, total: number) => void;
}

/** Opens a CSV file, plain or gzip (told by its content, not its name), and reads its header. Throws with the file's name. */
export const readCsv = async (file: string, options: CsvOptions): Promise<CsvFile> => {
  const delimiter = options.delimiter ?? guessDelimiter(file);
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    raw: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    encoding: options.encoding ?? "utf8",
    on_skip: (error, raw) => {
      if (error) options.onFault(faultOf(error, raw));
    },
  });
  openPlain(file, options)
    .on("error", (error) => parser.destroy(error))
    .pipe(parser);
  const records = parser[Symbol.asyncIterator]() as AsyncIterator<Parsed>;
  const first = await nextOf(records, file);
  if (!first) throw new Error(`${file} is empty: a header with the columns' names is needed`);
  const header = first.record.map((cell) => cell.trim());
  return { header, rows: rowsOf(records, file, header.length) };
};

interface Parsed {
  record: string[];
  raw: string;
  info: { lines: number };
}

const rowsOf = async function* (records: AsyncIterator<Parsed>, file: string, width: number): AsyncGenerator<CsvRow> {
  for (let parsed = await nextOf(records, file); parsed; parsed = await nextOf(records, file)) {
    const raw = parsed.raw.replace(/[\r\n]+$/, "");
    yield {
      line: parsed.info.lines - (raw.split("\n").length - 1),
      cells: parsed.record.length === width ? parsed.record : parsed.record.slice(0, width),
      raw,
    };
  }
};

const nextOf = async (records: AsyncIterator<Parsed>, file: string): Promise<Parsed | null> => {
  try {
    const { value, done } = await records.next();
    return done ? null : value;
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
};

const faultOf = (error: CsvError, raw: string | undefined): CsvFault => {
  const isWidth = error.code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH";
  return {
    line: Number(error["lines"] ?? 0),
    raw: (raw ?? "").replace(/[\r\n]+$/, ""),
    reason: isWidth ? "the row has another number of cells than the header" : "the row is no CSV",
  };
};

const openPlain = (file: string, { onProgress }: CsvOptions): NodeJS.ReadableStream => {
  const total = statSync(file, { throwIfNoEntry: false })?.size;
  if (total === undefined) throw new Error(`There is no file ${file}`);
  const bytes = createReadStream(file, { highWaterMark: 256 * 1024 });
  let done = 0;
  bytes.on("data", (chunk) => onProgress?.((done += chunk.length), total));
  if (!isGzip(file)) return bytes;
  const plain = createGunzip();
  bytes.on("error", (error) => plain.destroy(error));
  return bytes.pipe(plain);
};

const beginning = (file: string, length: number): Buffer => {
  const buffer = Buffer.alloc(length);
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch (cause) {
    throw new Error(`The file ${file} cannot be opened: ${(cause as Error).message}`, { cause });
  }
  try {
    return buffer.subarray(0, readSync(handle, buffer, 0, length, 0));
  } finally {
    closeSync(handle);
  }
};

const isGzip = (file: string): boolean => beginning(file, 2).equals(Buffer.from([0x1f, 0x8b]));

/** The sign that parts most cells of the first line; a comma where the first line cannot be seen. */
const guessDelimiter = (file: string): string => {
  const line = plainBeginning(file).toString("utf8").split("\n")[0] ?? "";
  const counted = [",", ";", "\t", "|"].map((sign) => ({ sign, count: line.split(sign).length }));
  return counted.reduce((best, each) => (each.count > best.count ? each : best)).sign;
};

const plainBeginning = (file: string): Buffer => {
  if (!isGzip(file)) return beginning(file, 4_096);
  try {
    // the flush gives what is there so far: the archive goes on where this beginning ends
    return gunzipSync(beginning(file, 4_096), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0); // damaged: said by the reading itself
  }
};
