"""The bench renders what it says it renders."""

from bench import rendering


def test_one_composite_has_twenty_resources_and_a_hundred_patches():
    templates = rendering.templates()

    assert (len(templates), sum(len(template["patches"]) for template in templates)) == (20, 100)


def test_both_engines_make_the_same_of_it():
    conclusion = rendering._of_resources_mode()()
    resources, same = rendering._of_the_function()()

    assert conclusion.written == same.written
    fields = next(one.object for one in resources.resources if one.name == "thing-3")["spec"]["forProvider"]["fields"]
    assert (fields["region"], fields["class"], fields["ports"]) == ("eu-west-1", "t3.micro", [{"number": 300}])
