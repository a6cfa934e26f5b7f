package dev.sheave.internal;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What plain scalars stand for, by the rules of YAML 1.1 as PyYAML has them, which reads and writes
 * the files of Prefect. Dates stay texts, since JSON has none.
 */
final class YamlScalars {
  /** Longer numbers aren't meant; to convert them takes a time that grows with their square. */
  private static final int MAX_DIGITS = 1000;

  private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");
  private static final Pattern TRUE = Pattern.compile("yes|Yes|YES|true|True|TRUE|on|On|ON");
  private static final Pattern FALSE = Pattern.compile("no|No|NO|false|False|FALSE|off|Off|OFF");
  private static final Pattern INTEGER =
      Pattern.compile(
          "[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+"
              + "|[1-9][0-9_]*(?::[0-5]?[0-9])+)");
  private static final Pattern FLOAT =
      Pattern.compile(
          "[-+]?[0-9][0-9_]*[.][0-9_]*(?:[eE][-+][0-9]+)?"
              + "|[.][0-9][0-9_]*(?:[eE][-+][0-9]+)?"
              + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+[.][0-9_]*");
  private static final Pattern NO_JSON_NUMBER =
      Pattern.compile("[-+]?[.](?:inf|Inf|INF)|[.](?:nan|NaN|NAN)");

  private YamlScalars() {}

  static boolean isNull(String plain) {
    return NULL.matcher(plain).matches();
  }

  /**
   * Returns the JSON value of a plain scalar.
   *
   * @throws ArithmeticException for a number that JSON doesn't have, with what is wrong
   */
  static @Nullable Object resolve(String plain) {
    if (isNull(plain)) {
      return null;
    }
    if (TRUE.matcher(plain).matches()) {
      return true;
    }
    if (FALSE.matcher(plain).matches()) {
      return false;
    }
    if (NO_JSON_NUMBER.matcher(plain).matches()) {
      throw new ArithmeticException("JSON doesn't support the number " + plain);
    }
    char first = plain.charAt(0);
    if (first > '9') { // most texts
      return plain;
    }
    if (INTEGER.matcher(plain).matches()) {
      return integer(withinBounds(plain).replace("_", ""), plain);
    }
    if (FLOAT.matcher(plain).matches()) {
      return real(withinBounds(plain).replace("_", ""));
    }
    return plain;
  }

  private static String withinBounds(String plain) {
    if (plain.length() > MAX_DIGITS) {
      throw new ArithmeticException("a number can't have more than " + MAX_DIGITS + " digits");
    }
    return plain;
  }

  private static Object integer(String signed, String plain) {
    String digits = signed.startsWith("-") || signed.startsWith("+") ? signed.substring(1) : signed;
    BigInteger value;
    if (digits.equals("0b") || digits.equals("0x")) {
      return plain; // underscores alone are no digits
    } else if (digits.startsWith("0b")) {
      value = new BigInteger(digits.substring(2), 2);
    } else if (digits.startsWith("0x")) {
      value = new BigInteger(digits.substring(2), 16);
    } else if (digits.startsWith("0")) {
      value = new BigInteger(digits, 8);
    } else {
      value = BigInteger.ZERO;
      for (String part : digits.split(":")) {
        value = value.multiply(BigInteger.valueOf(60)).add(new BigInteger(part));
      }
    }
    return Json.canonicalNumber(signed.startsWith("-") ? value.negate() : value);
  }

  private static Double real(String signed) {
    double value = 0;
    String digits = signed.startsWith("-") || signed.startsWith("+") ? signed.substring(1) : signed;
    for (String part : digits.split(":")) {
      value = value * 60 + Double.parseDouble(part);
    }
    if (Double.isInfinite(value)) {
      throw new ArithmeticException("JSON doesn't support numbers as large as " + signed);
    }
    return signed.startsWith("-") ? -value : value;
  }
}
