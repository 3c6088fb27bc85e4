import type { FieldSource, Kind } from "./mapping.js";

/** Names by which columns are known, most telling first, without case, spaces and signs. */
const NAMES: Record<Kind, Record<string, readonly string[]>> = {
  menu: {
    id: ["itemid", "productid", "menuitemid", "id", "sku", "plu", "code", "productcode", "itemcode", "stockcode"],
    sku: ["sku", "plu", "productcode", "itemcode", "stockcode"],
    name: ["name", "itemname", "productname", "item", "product", "title", "description"],
    category: ["category", "productcategory", "itemcategory", "group", "productgroup", "department", "type", "producttype"],
    price: ["price", "retailprice", "currentretailprice", "listprice", "unitprice", "sellingprice"],
    cost: ["cost", "unitcost", "costprice", "wholesaleprice", "currentwholesaleprice", "cogs"],
  },
  venues: {
    id: ["venueid", "storeid", "outletid", "salesoutletid", "shopid", "locationid", "id"],
    name: ["name", "venue", "venuename", "storename", "outlet", "shop", "storeaddress", "address"],
    latitude: ["latitude", "lat", "storelatitude"],
    longitude: ["longitude", "lon", "lng", "long", "storelongitude"],
  },
  customers: {
    id: ["customerid", "clientid", "memberid", "loyaltyid", "userid", "id"],
    name: ["name", "fullname", "customername", "displayname", "firstname", "customerfirstname"],
    email: ["email", "customeremail", "mail", "emailaddress"],
    joinedAt: ["joinedat", "joined", "customersince", "membersince", "createdat", "signupdate", "registeredat"],
    homeVenue: ["homevenue", "homestore", "homeshop", "venueid", "storeid"],
  },
  purchases: {
    basket: ["basketid", "receiptid", "receiptno", "invoiceno", "invoiceid", "orderid", "transactionid", "billid", "checkid"],
    at: ["at", "datetime", "timestamp", "purchasedat", "soldat", "invoicedate", "transactiondatetime", "createdat", "date"],
    venue: ["venueid", "venue", "storeid", "store", "outletid", "salesoutletid", "shopid", "shop", "locationid"],
    customer: ["customerid", "customer", "clientid", "memberid", "loyaltyid", "userid"],
    item: ["itemid", "productid", "menuitemid", "sku", "plu", "stockcode", "productcode", "itemcode", "item", "product", "description"],
    quantity: ["quantity", "qty", "count", "units"],
    unitPrice: ["unitprice", "price", "listprice"],
    paid: ["paid", "linetotal", "lineitemamount", "lineamount", "amount", "total"],
  },
};

const bare = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The columns that well-known names point at, field by field. */
export const guessFields = (kind: Kind, header: readonly string[]): Record<string, FieldSource> => {
  const columns = new Map(header.map((column) => [bare(column), column]));
  const found = Object.entries(NAMES[kind]).flatMap(([field, names]) => {
    const column = names.map((name) => columns.get(name)).find((each) => each !== undefined);
    return column === undefined ? [] : [[field, { columns: [column] }] satisfies [string, FieldSource]];
  });
  return Object.fromEntries(found);
};
