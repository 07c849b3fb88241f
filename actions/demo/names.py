"""The words that invented people are made of. Nobody in them is real."""

GIRLS = (
    "Emma Olivia Ava Sophia Mia Harper Evelyn Abigail Ella Scarlett Grace Chloe Lily Hannah Zoe Nora Hazel Stella Lucy "
    "Violet Ruby Naomi Josephine Katherine Elizabeth Margaret Jasmine Destiny Aaliyah Kayla Brianna Autumn Savannah"
).split()
BOYS = (
    "Liam Noah Oliver James Elijah William Henry Lucas Benjamin Theodore Jack Levi Mason Michael Ethan Daniel Jacob "
    "Logan Jackson Samuel David Joseph Carter Owen Wyatt John Jonathan Nathaniel Christopher Robert Tyler Jayden"
).split()
NINAS = (
    "María Guadalupe Sofía Valentina Ximena Camila Isabella Daniela Fernanda Alejandra Lucía Elena Rosa Paola Yesenia "
    "Itzel Marisol Esperanza Dulce Ana"
).split()
NINOS = (
    "José Luis Juan Carlos Mateo Santiago Diego Alejandro Miguel Ángel Emiliano Francisco Javier Jesús Manuel Rafael "
    "Eduardo Óscar Andrés Ignacio"
).split()
SURNAMES = (
    "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Jackson Martin Lee Thompson "
    "White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall "
    "Mitchell Carter Roberts Phillips Evans Turner Parker Collins Edwards Stewart Morris Murphy O'Brien Nguyen Begay "
    "Yazzie Kowalski Schmidt McAllister Whitfield Castleberry"
).split()
APELLIDOS = (
    "García Martínez Rodríguez López Hernández González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Cruz "
    "Morales Ortiz Gutiérrez Chávez Ramos Reyes Mendoza Castillo Vargas Jiménez Ruiz Aguilar Medina Peña"
).split()
STREETS = (
    "Alder Birch Canyon Cedar Cottonwood Dogwood Elm Fir Hawthorn Juniper Larkspur Maple Mesa Oak Piñon Poplar Quail "
    "Sage Spruce Sunset Willow Yarrow"
).split()
ENDINGS = ("St", "Ave", "Rd", "Ln", "Dr", "Ct")
TOWNS = (
    ("Juniper", "Juniper", "80901"),
    ("Alder Falls", "Alder", "80907"),
    ("Mesa Vista", "Mesa", "80911"),
    ("Dry Creek", "Juniper", "80915"),
    ("Larkspur Hollow", "Mesa", "80918"),
)
"""Invented towns with county and ZIP code of the demo."""
SCHOOLS = ("Juniper Elementary", "Cottonwood Middle School", "Mesa Vista High", "Sunrise Day Care", "Canyon Academy")
AGENCIES = (
    ("Juniper County Sheriff", "le", True),
    ("Alder Falls Police", "le", True),
    ("Mesa County Child Services", "cps", True),
    ("Juniper Child Protective Services", "cps", False),
    ("Cottonwood School District", "school", False),
    ("Canyon Community Clinic", "medical", False),
)
"""Invented agencies: name, kind, whether a team partner."""
NARRATIVES = (
    "The child told a teacher that she does not want to go home. The teacher wrote down her words and called us.",
    "A neighbor heard shouting and a child crying at night. Two officers spoke with the mother at the door.",
    "The school nurse saw bruises on the upper arm. The child said that he fell off his bicycle.",
    "The grandmother reports that the child has been afraid of one visitor since the summer.",
    "During a custody exchange the child said that somebody touched him. The mother called the same day.",
    "The pediatrician reports weight loss and missed visits. The family has no car at present.",
    "A classmate showed the counselor messages that an adult had sent to the child.",
    "The child saw a fight between the parents in which a window was broken. Nobody was hurt.",
)
