package dev.cloakproof.portraits.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdentityTest {
    @Test
    void theSameSeedIsTheSamePersonInEveryPhotograph() {
        Identity before = Identity.of(11);
        for (long seed = 0; seed < 20; seed++) {
            assertThat(Photograph.of(seed)).isEqualTo(Photograph.of(seed));
            assertThat(Identity.of(11)).isEqualTo(before);
        }
    }

    @Test
    void photographsKnowNothingOfThePerson() throws ReflectiveOperationException {
        List<Class<?>> person = parts(Identity.class);
        List<Class<?>> photograph = parts(Photograph.class);
        assertThat(person).doesNotContainAnyElementsOf(photograph);
        // The same seed for both does not tie them together: a share of agreement as by chance.
        long agreeing = LongStream.range(0, 2000)
                .filter(seed -> Identity.of(seed).hat().colour()
                        == Photograph.of(seed).clothes().dye())
                .count();
        assertThat(agreeing).isBetween(140L, 260L);
    }

    private static List<Class<?>> parts(Class<?> type) {
        List<Class<?>> parts = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            parts.add(component.getType());
        }
        return parts;
    }

    @Test
    void twoPeopleDifferInNearlyEveryNumber() throws ReflectiveOperationException {
        List<List<Object>> people = new ArrayList<>();
        for (long seed = 0; seed < 30; seed++) {
            people.add(numbers(Identity.of(seed)));
        }
        assertThat(people.getFirst().size()).isBetween(40, 60);
        for (int one = 0; one < people.size(); one++) {
            for (int other = 0; other < one; other++) {
                int different = 0;
                for (int i = 0; i < people.getFirst().size(); i++) {
                    different += people.get(one).get(i).equals(people.get(other).get(i)) ? 0 : 1;
                }
                assertThat(different).isGreaterThan(people.getFirst().size() * 3 / 4);
            }
        }
    }

    private static List<Object> numbers(Record from) throws ReflectiveOperationException {
        List<Object> numbers = new ArrayList<>();
        for (RecordComponent component : from.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(from);
            if (value instanceof Record inner) {
                numbers.addAll(numbers(inner));
            } else {
                numbers.add(value);
            }
        }
        return numbers;
    }

    @Test
    void everyKindOfEverythingOccurs() {
        assertAllOccur(Hair.Style.class, identity -> identity.hair().style());
        assertAllOccur(Hair.HairColour.class, identity -> identity.hair().colour());
        assertAllOccur(Skin.Tone.class, identity -> identity.skin().tone());
        assertAllOccur(Eyes.IrisColour.class, identity -> identity.eyes().colour());
        assertAllOccur(Beard.Kind.class, identity -> identity.beard().kind());
        assertAllOccur(Glasses.Kind.class, identity -> identity.glasses().kind());
        assertAllOccur(Glasses.Frame.class, identity -> identity.glasses().frame());
        assertAllOccur(Hat.Kind.class, identity -> identity.hat().kind());
        assertAllOccur(Dye.class, identity -> identity.hat().colour());
    }

    private static <E extends Enum<E>> void assertAllOccur(Class<E> type, Function<Identity, E> property) {
        Set<E> found = LongStream.range(0, 400)
                .mapToObj(Identity::of)
                .map(property)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(type)));
        assertThat(found).isEqualTo(EnumSet.allOf(type));
    }

    @Test
    void everyKindOfPhotographOccurs() {
        Set<Object> found = LongStream.range(0, 200)
                .mapToObj(Photograph::of)
                .flatMap(photograph -> List.<Object>of(
                        photograph.background().kind(),
                        photograph.clothes().kind(),
                        photograph.expression().open() > Expression.TEETH)
                        .stream())
                .collect(Collectors.toSet());
        assertThat(found)
                .contains((Object[]) Background.Kind.values())
                .contains((Object[]) Clothes.Kind.values())
                .contains(true, false);
    }
}
