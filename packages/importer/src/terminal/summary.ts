import type { ImportSummary } from "../chain/importChain.js";

const count = (value: number): string => value.toLocaleString("en-US");

/** The end of an import, for a person. */
export const summaryText = (summary: ImportSummary): string => {
  const { tenant, lines, baskets, basketLines, customers, items, rejects, seconds, shiftedDays } = summary;
  const rows: [string, string][] = [
    ["tenant", `${tenant.slug}  (${tenant.name}, ${tenant.currency}, ${tenant.timeZone})`],
    [
      "lines read",
      `${count(lines.purchases)} of receipts, ${count(lines.menu)} of the menu, ${count(lines.customers)} of customers, ${count(lines.venues)} of venues`,
    ],
    ["lines imported", count(basketLines)],
    ["receipts", `${count(baskets.total)}: ${count(baskets.imported)} imported, ${count(baskets.known)} known already`],
    ...(items ? [["items", `${count(items.added)} new, ${count(items.known)} known`] as [string, string]] : []),
    ...(customers ? [["customers", customersText(customers)] as [string, string]] : []),
    ...(shiftedDays === 0 ? [] : [["moved by", `${count(shiftedDays)} days`] as [string, string]]),
    ["rejected", rejects.total === 0 ? "no line" : `${count(rejects.total)} lines, each with its reason in ${rejects.path}`],
    ...[...rejects.byReason]
      .sort((a, b) => b[1] - a[1])
      .map(([reason, times]) => ["", `${String(times).padStart(7)}  ${reason}`] as [string, string]),
    [
      "time",
      `${seconds.load.toFixed(1)} s to read and load (${count(Math.round(lines.purchases / seconds.load))} lines/s), ${seconds.learn.toFixed(1)} s to learn from it`,
    ],
  ];
  return [...rows.map(([name, value]) => `  ${name.padEnd(15)} ${value}`), "", ...next(summary)].join("\n");
};

const customersText = ({ added, known, refusedCustomers }: NonNullable<ImportSummary["customers"]>): string =>
  `${count(added)} new, ${count(known)} known${refusedCustomers === 0 ? "" : `, ${count(refusedCustomers)} refused by a service`}`;

const next = ({ tenant, becameDefault, exampleCustomer }: ImportSummary): string[] => [
  ...(becameDefault
    ? [
        `  The demo chain stays where it is. From now on commands without --tenant mean ${tenant.slug}; visitors without a token see it after the next start.`,
      ]
    : []),
  ...(exampleCustomer === null
    ? []
    : [
        `  Look someone up: customers(search: "${exampleCustomer}") with the token of \`npm run -s token -- --role staff --tenant ${tenant.slug}\``,
      ]),
];
