package dev.assay.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A TCP port, or 0.
final class PortConverter implements ITypeConverter<Integer> {

    private static final int HIGHEST = 65_535;

    @Override
    public Integer convert(String text) {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= HIGHEST) {
            return Integer.valueOf(text);
        }
        throw new TypeConversionException(
                "'" + text + "' is no port; give a number from 0 to " + HIGHEST);
    }
}
