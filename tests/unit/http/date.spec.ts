import { formatHttpDate } from "../../../assembly/http/date";
import { formEncode } from "../../../assembly/http/url";

describe("dates and forms", () => {
  test("are written as HTTP has them", () => {
    expect(formatHttpDate(784111777)).toBe("Sun, 06 Nov 1994 08:49:37 GMT");
    expect(formatHttpDate(0)).toBe("Thu, 01 Jan 1970 00:00:00 GMT");
    expect(formatHttpDate(951827696)).toBe("Tue, 29 Feb 2000 12:34:56 GMT");
    expect(formatHttpDate(4107542399)).toBe("Sun, 28 Feb 2100 23:59:59 GMT");
    expect(formEncode("a b+c=/é")).toBe("a+b%2Bc%3D%2F%C3%A9");
  });
});
